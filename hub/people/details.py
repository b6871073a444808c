"""What may be known of a person beside their name: which facts there are, and what each may say. Pure."""

import re

from hub.errors import BadInput

STANDING = ("stage", "score", "region", "source")  # what an owner's rules ask of a person
FACTS = frozenset(("email", "phone", "page", "address", "birthday", "company", "note", *STANDING))
MOST_FACT = 300
MOST_STAGE = 40
MOST_SCORE = 100


def checked(name: str, said: str) -> str:
    """The fact as it is kept, "" for none: a stage in small letters, a score as a number. Raises BadInput."""
    if name not in FACTS or len(said) > MOST_FACT:
        raise BadInput(f"A fact is one of {', '.join(sorted(FACTS))}, at most {MOST_FACT} characters.", "facts")
    said = said.strip()
    if name == "stage" and len(said) > MOST_STAGE:
        raise BadInput(f"A stage has at most {MOST_STAGE} characters.", "stage")
    if name == "score" and said:
        return _score(said)
    return said.lower() if name == "stage" else said


def fitting(said: dict[str, str]) -> dict[str, str | None]:
    """The same of what another program says: what does not fit is left out, the rest holds."""
    kept: dict[str, str | None] = {}
    for name, value in said.items():
        try:
            kept[name] = checked(name, value) or None
        except BadInput:
            continue
    return kept


def _score(said: str) -> str:
    if not re.fullmatch(r"\d{1,3}([.,]\d+)?", said) or float(said.replace(",", ".")) > MOST_SCORE:
        raise BadInput(f"A score is a number from 0 to {MOST_SCORE}.", "score")
    return f"{float(said.replace(',', '.')):g}"
