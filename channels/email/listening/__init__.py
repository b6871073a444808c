"""Reading a mailbox over IMAP: what is in it and not kept yet, then what comes. Start reading in listen.py."""
