"""The pure colour mathematics: NumPy in, NumPy out."""
