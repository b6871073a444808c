"""A message cut where one wish may end and another begin; what the parts mean is decided elsewhere."""

import re

MOST_PARTS = 4
LEAST_WORDS = 3
_CUT = re.compile(
    r"[.!?;\n]+(?=\s|$)|,\s|\s(?:và|va|với lại|voi lai|rồi cho|roi cho|tiện thể|tien the|luôn tiện|luon tien|sẵn"
    r"|ngoài ra|ngoai ra|thêm nữa|and|also|plus)\s",
    re.IGNORECASE,
)


def parts(text: str) -> list[str]:
    """Its first four parts of three words or more; [] when it has not two of them."""
    found = [part.strip() for part in _CUT.split(text, maxsplit=12)]
    long = [part for part in found if part.count(" ") >= LEAST_WORDS - 1]
    return long[:MOST_PARTS] if len(long) > 1 else []
