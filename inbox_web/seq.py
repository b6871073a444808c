"""Numbers that come from outside and go into a query: never negative, never larger than a browser can count."""

from typing import Annotated

import msgspec

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
