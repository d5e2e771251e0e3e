"""Photochrom's Streamlit page, for a plain `streamlit run app.py`."""

from __future__ import annotations

from photochrom.apps.streamlit_app import page

page()
