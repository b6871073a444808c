"""Sending an answer over SMTP: composed once, one transaction for each recipient. Start reading in outbound.py."""
