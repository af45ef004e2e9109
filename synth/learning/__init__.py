"""Learning what a controller has: what was touched, what it shall do, and how it is written down."""
