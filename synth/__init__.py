"""A real-time binaural trigger synthesizer."""
