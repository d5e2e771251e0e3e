"""The losses, each with its source. A recipe lists them by name with weights."""
