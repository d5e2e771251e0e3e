"""Archives: every picture of a folder or an object store coloured once, and provably so."""
