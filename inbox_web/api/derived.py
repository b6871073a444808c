"""Ids of what a keyed request makes, derived from its key: doing it twice names the same thing."""

import hashlib

from inbox_web.api.route import Ask


def derived_id(kind: str, ask: Ask) -> str:
    """The id that this agent's request makes; `kind` is the letter in front."""
    assert ask.key is not None  # the route wants one
    return f"{kind}_{hashlib.sha256(f'{ask.agent.id}:{ask.key}'.encode()).hexdigest()[:24]}"
