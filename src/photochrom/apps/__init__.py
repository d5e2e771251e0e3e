"""Two ready-made pages, one with Gradio and one with Streamlit, made of public names only."""
