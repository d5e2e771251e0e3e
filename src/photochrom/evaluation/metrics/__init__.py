"""One family of measures a file; each compares `Planes` of pictures with the photo's own."""
