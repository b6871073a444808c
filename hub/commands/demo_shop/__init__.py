"""The demo shop: who its customers are, what was said, and how that gets in through the real doors."""
