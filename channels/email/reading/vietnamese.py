"""Vietnamese as mails wrote it before Unicode: VISCII (RFC 1456) and TCVN 5712, by their declared names.

Both also put capital letters where control characters are. VNI is not here: it spells a letter with two bytes that are
letters of their own, and no mail declares it.
"""

import codecs

VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
TCVN = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
AMONG_CONTROLS = {
    "viscii": {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"},
    "tcvn5712": dict(zip((0x01, 0x02, 0x04, 0x05, 0x06, *range(0x11, 0x18)), "ÚỤỪỬỮỨỰỲỶỸÝỴ", strict=True)),
}
NAMES = {
    **dict.fromkeys(("viscii", "csviscii", "viscii1.1-1", "x-viscii"), "viscii"),
    **dict.fromkeys(("tcvn", "x-tcvn", "tcvn3", "tcvn-3", "tcvn5712", "x-tcvn5712"), "tcvn5712"),
    **dict.fromkeys(("tcvn-5712", "tcvn5712-1", "tcvn5712-1:1993", "x-viet-tcvn", "x-viet-tcvn5712"), "tcvn5712"),
}


def _table(name: str, high: str) -> str:
    low = AMONG_CONTROLS[name]
    return "".join(low.get(code, chr(code)) for code in range(128)) + high


TABLES = {"viscii": _table("viscii", VISCII), "tcvn5712": _table("tcvn5712", TCVN)}


def named(declared: str | None) -> str | None:
    """Which of these tables a charset parameter means; None for any other."""
    return NAMES.get((declared or "").strip().strip("\"'").lower())


def decoded(raw: bytes, name: str) -> str:
    """The text of bytes in one of these tables; each byte is a letter, so that this never fails."""
    return codecs.charmap_decode(raw, "replace", TABLES[name])[0]
