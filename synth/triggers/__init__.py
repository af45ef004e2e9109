"""One file per sound."""
