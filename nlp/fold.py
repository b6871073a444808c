"""Vietnamese without its diacritics, and the spellings of chat; one character in, one character out."""

import unicodedata

_LATIN_WITH_MARKS = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00))


def _bare(char: str) -> str:
    if char in "đð":
        return "d"
    if char in "ĐÐ":
        return "D"
    decomposed = unicodedata.normalize("NFD", char)
    return decomposed[0] if len(decomposed) > 1 and decomposed[0].isascii() else char


# A table keeps folding to one call per word; NFD at run time costs ten times as much.
_TABLE: dict[int, str | None] = {code: _bare(chr(code)) for span in _LATIN_WITH_MARKS for code in span}
_TABLE.update(dict.fromkeys(range(0x0300, 0x0370)))  # marks that NFC could not join to a letter

# Folded chat spelling → folded word. Only those with one reading: "bn" is both "bao nhiêu" and "bạn".
CHAT_SPELLINGS: dict[str, str] = {
    spelling: word
    for word, spellings in {
        "khong": "k ko kg kh hk hok khog khum hong hem kog kong khongg",
        "duoc": "dc dk dx duok",
        "minh": "mk mik mih mjk",
        "gi": "j ji zi",
        "vay": "v zay dzay vaay",
        "roi": "r rui",
        "chua": "ch chx",
        "voi": "vs zoi",
        "nhe": "nha nhen nghen hen",
        "anh": "ank",
        "em": "e iem",
        "shop": "sop xop shoop",
        "ship": "sip shjp",
        "nhieu": "nhiu nhju",
        "biet": "bit bik bjt",
        "thich": "thik thix",
        "qua": "wa",
        "luon": "lun",
        "gio": "h",
        "sdt": "dt",
        "inbox": "ib inb",
        "thanks": "tks thank thks",
        "please": "pls plz",
        "you": "u",
        "your": "ur",
        "dang": "dag",
        "cung": "cug",
        "muon": "mun",
        "lam": "lm",
        "nguoi": "ng",
        "nay": "nai",
    }.items()
    for spelling in spellings.split()
}


def fold(text: str) -> str:
    """Strip the diacritics of Latin letters (đ becomes d); the case and every other character stay."""
    return text.translate(_TABLE)
