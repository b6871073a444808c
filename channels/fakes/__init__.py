"""Platforms to try things against: importable servers that speak their protocols, and fail the way they fail."""
