"""From the world's bytes and times to events: pure kernels over records."""
