"""What a mail means apart from its words: whose it is, what it answers, whether it came back, who wrote it."""
