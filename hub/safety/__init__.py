"""Who may come in and what stays secret: passwords, sessions, throttling, roles, keys and signed tokens."""
