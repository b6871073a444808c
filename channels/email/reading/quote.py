"""Which words of a mail are new: ranges over its text, for display only; the whole text stays as it is.

Each line gets a kind, then a few rules decide what is folded away. When in doubt a line stays visible: folding what
somebody wrote is worse than showing a quotation, and a mail of quotations alone is shown whole.
"""

import re
from collections.abc import Iterator, Sequence

from channels.email.reading import phrases

Ranges = tuple[tuple[int, int], ...]

EMPTY, TEXT, QUOTE, OTHER_QUOTE, MARKED, INTRO, HEAD, DASHES, RULE, PHONE = "eTqwhiHdrp"
AROUND = frozenset({EMPTY, QUOTE, OTHER_QUOTE, MARKED, RULE, PHONE, DASHES})  # never the last visible line
INVISIBLE = " \t\r\xa0\u200b\u200c\u2060\ufeff\u3000\u1427"  # the last is left by a tracker
MOST_INTRO = 7  # lines of "On …, somebody wrote:"
MOST_INTRO_CHARS = 500
MOST_HEAD = 14  # lines of From:, Sent:, To:, Subject:
MOST_SIGNED = 10  # lines under a rule of underscores that still are a signature
MOST_LINES = 20_000


def visible(text: str, quoted: Ranges = (), cut: int | None = None) -> Ranges:
    """The new words as [from, to) in code points; () when they are all of it.

    `quoted` are stretches that the HTML says are quotations, `cut` is where it says that everything else is one.
    """
    lines = text.split("\n")
    starts = _starts(lines)
    kinds = _kinds(lines[:MOST_LINES], starts, quoted, cut)
    kept = _kept(kinds)
    if not kept or len(kept) == len(lines):
        return ()
    ranges = _ranges(kept, lines, starts)
    return () if ranges == ((0, len(text)),) else ranges


def words(text: str, ranges: Ranges) -> str:
    """The words in these ranges, without the empty lines around them."""
    shown = "".join(text[start:end] for start, end in ranges) if ranges else text
    return "\n".join(_stripped(shown.split("\n")))


def _stripped(lines: list[str]) -> list[str]:
    full = [at for at, line in enumerate(lines) if line.strip()]
    return lines[full[0] : full[-1] + 1] if full else []


def _starts(lines: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _ranges(kept: Sequence[int], lines: Sequence[str], starts: Sequence[int]) -> Ranges:
    """Neighbouring lines are one range; a range that goes on later takes its line end along."""
    ranges: list[tuple[int, int]] = []
    for nth, line in enumerate(kept):
        last = nth + 1 == len(kept)
        end = starts[line] + len(lines[line]) + (0 if last else 1)
        if ranges and ranges[-1][1] == starts[line]:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((starts[line], end))
    return tuple(ranges)


# What is kept ----------------------------------------------------------------------------------------------------


def _kept(kinds: str) -> list[int]:
    """The numbers of the visible lines; [] when nothing new was found."""
    if TEXT not in kinds:
        return []
    first = kinds.index(TEXT)
    between = len(re.findall(f"{MARKED}[^{TEXT}]*{TEXT}", kinds[first:])) > 1
    kept = _before(kinds, first)
    for at in range(first, len(kinds)):
        kind = kinds[at]
        if kind in (HEAD, DASHES) or (kind == RULE and _ends(kinds, at)):
            break
        if kind == INTRO:
            if not _answered_between(kinds, at):
                break
            continue
        if kind != MARKED or between:
            kept.append(at)
    while kept and kinds[kept[-1]] in AROUND:
        kept.pop()
    while kept and kinds[kept[0]] == EMPTY:
        kept.pop(0)
    return kept


def _before(kinds: Sequence[str], first: int) -> list[int]:
    """Of what stands over the first words: a quotation that nothing introduces is there to be read."""
    above = kinds[:first]
    return [] if {INTRO, HEAD, MARKED} & set(above) else list(range(first))


def _answered_between(kinds: Sequence[str], at: int) -> bool:
    """Whether an introduction at this line is followed by quotations with words after them."""
    rest = [kind for kind in kinds[at:] if kind not in (INTRO, EMPTY)]
    if not rest or rest[0] not in (QUOTE, MARKED):
        return False
    after = next((kind for kind in rest if kind not in (QUOTE, MARKED)), None)
    return after == TEXT


def _ends(kinds: Sequence[str], at: int) -> bool:
    """Whether nothing but quotations and signatures follows this rule."""
    rest = [kind for kind in kinds[at + 1 :] if kind not in (EMPTY, RULE)]
    if TEXT not in rest or rest[0] in (HEAD, DASHES):
        return True
    return rest[0] == INTRO and not _answered_between(kinds, at + 1)


# What each line is -----------------------------------------------------------------------------------------------


def _kinds(lines: Sequence[str], starts: Sequence[int], quoted: Ranges, cut: int | None) -> str:
    kinds = [_kind(line) for line in lines]
    _fence(lines, kinds)
    for start, end in quoted:
        for at, line in enumerate(lines):
            if start <= starts[at] < end and line.strip():
                kinds[at] = MARKED
    for at in range(len(lines)):
        if kinds[at] == TEXT and (length := _head(lines, at)):
            kinds[at : at + length] = [HEAD] * length
    for at in range(len(lines)):
        if kinds[at] in (TEXT, QUOTE) and (begin := _intro(lines, kinds, at)) is not None:
            kinds[begin : at + 1] = [INTRO] * (at + 1 - begin)
    if cut is not None:
        at = next((nth for nth, start in enumerate(starts[: len(lines)]) if start >= cut), len(lines))
        kinds[at:] = [HEAD] * (len(lines) - at)
    _underlines(lines, kinds)
    return "".join(kinds)


def _kind(line: str) -> str:
    if not line.strip(INVISIBLE):
        return EMPTY
    if phrases.QUOTED.match(line):
        return QUOTE
    if phrases.DASHES.match(line):
        return DASHES
    if phrases.RULE.match(line):
        return RULE
    if len(line) < 200 and phrases.PHONE.match(line.strip()):
        return PHONE
    if len(line) < 120 and phrases.MARK.match(line):
        return HEAD
    return OTHER_QUOTE if phrases.QUOTED_OTHERWISE.match(line) else TEXT


def _fence(lines: Sequence[str], kinds: list[str]) -> None:
    """Inside a block of code nothing is a sign of anything."""
    fences = [at for at, line in enumerate(lines) if phrases.FENCE.match(line)]
    for begin, end in zip(fences[::2], fences[1::2], strict=False):
        kinds[begin : end + 1] = [TEXT] * (end + 1 - begin)


def _head(lines: Sequence[str], at: int) -> int:
    """How many lines a block of From, Date, To, Subject has from here; 0 when it is none.

    A subject must be among them: "Từ: Hà Nội, Đến: Huế, Ngày: 12/1" is somebody's journey.
    """
    seen: set[str] = set()
    last = at
    for nth, line in _filled(lines, at, MOST_HEAD):
        found = phrases.LABEL.match(line) if len(line) < 1000 else None
        if found is not None and found.lastgroup is not None:
            seen.add(found.lastgroup)
            last = nth
        elif nth == at or nth > last + 2:
            break
    return last + 1 - at if {"from", "subject"} <= seen and len(seen) >= 3 else 0


def _filled(lines: Sequence[str], at: int, most: int) -> Iterator[tuple[int, str]]:
    for nth in range(at, min(at + most, len(lines))):
        if lines[nth].strip():
            yield nth, lines[nth]


def _intro(lines: Sequence[str], kinds: Sequence[str], end: int) -> int | None:
    """Where the "On …, somebody wrote:" that ends with this line begins; None when it is none."""
    line = lines[end].strip()
    if kinds[end] == QUOTE and not (line.startswith(">") and _is_rest(line)):
        return None
    if kinds[end] == TEXT and (found := phrases.DATE_ONLY.match(line)) and len(line) < 200:
        return end if found["address"] or found["zone"] is not None else None
    if not line.endswith((":", "：", "----", "wrote -----")):
        return None
    for begin in range(end, max(end - MOST_INTRO, -1), -1):
        if begin < end and kinds[begin] in (QUOTE, MARKED, HEAD, INTRO, DASHES):
            return None
        joined = " ".join(each.strip() for each in lines[begin : end + 1] if each.strip())
        if len(joined) > MOST_INTRO_CHARS:
            return None
        if _introduces(lines[begin], joined):
            above = begin > 0 and kinds[begin - 1] == TEXT and phrases.BEGINS.match(lines[begin - 1].strip())
            return begin - 1 if above else begin
    return None


def _is_rest(line: str) -> bool:
    """A ">" that closes the address of an introduction, not one that quotes."""
    inner = line[1:].strip().rstrip(":：").strip()
    return not inner or phrases.WROTE.fullmatch(inner) is not None


def _introduces(first: str, joined: str) -> bool:
    if phrases.DATE_ONLY.match(joined):
        return True
    if phrases.WROTE.search(joined) is None:
        return False
    return phrases.DATED.search(first) is not None or phrases.SOMEONE.match(first.strip()) is not None


def _underlines(lines: Sequence[str], kinds: list[str]) -> None:
    """A rule of underscores with a few lines under it, to the end or to a quotation, stands over a signature."""
    for at, line in enumerate(lines):
        if kinds[at] != RULE or not phrases.UNDERLINE.match(line):
            continue
        until = next((nth for nth in range(at + 1, len(kinds)) if kinds[nth] in (HEAD, INTRO, QUOTE)), len(kinds))
        if sum(kind == TEXT for kind in kinds[at:until]) <= MOST_SIGNED:
            kinds[at] = DASHES
