"""An agent's word on a tag, and what the tagger learns from it."""
