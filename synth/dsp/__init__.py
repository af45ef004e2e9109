"""Generators that know numbers only: state in records, one idea a file."""
