"""The performer's terminal: what is shown of a session, and the keys that play it.  Status -> picture; keys -> actions."""
