"""One file a command; `hub/__main__.py` loads the one that is called."""
