"""Reading and writing photographs: the only place besides the command line that touches files."""
