"""From a mail's bytes to what a person reads of it. Start in mime.py."""
