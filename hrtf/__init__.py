"""The ears."""
