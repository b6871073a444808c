"""Conversations shown to the team in a channel of its own, and what the team says there."""
