"""The shipped models and the ONNX Runtime session that runs them."""
