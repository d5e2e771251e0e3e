"""Examples for training: found, read, paired, cached."""
