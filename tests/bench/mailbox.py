"""A mailbox of some years: threads of many customers, written into Dovecot's folder as files."""

import base64
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.load import WORDS
from tests.channels.email.mail_house import MailHouse

CUSTOMERS = 1_500


def fill(mail: MailHouse, user: str, count: int) -> int:
    """Put so many mails of some years into a mailbox, as files; their bytes."""
    folder = mail.maildir(user)
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    size = 0
    began = int(time.time()) - 3 * 365 * 86_400
    for number, raw in enumerate(mails(user, count)):
        path = folder / "cur" / f"{began + number * 4000}.M{number}.bench,S={len(raw)}:2,S"
        path.write_bytes(raw)
        size += len(raw)
    _give(mail.folder / "mail" / user)
    return size


def mails(user: str, count: int) -> Iterator[bytes]:
    """Threads of one to six mails by many customers: plain, HTML, quoting, some with files."""
    chance = random.Random(user)
    thread, customer, subject, left = "", 0, "", 0
    for number in range(count):
        id_ = f"<{number}.{chance.getrandbits(64):x}@mail.elsewhere.test>"
        if left == 0:
            customer, subject, left, thread = chance.randrange(CUSTOMERS), _word(f"Đơn {number}"), 6, ""
        left = chance.randrange(left)
        head = [
            f"From: {_word(f'Khách {customer}')} <khach{customer}@elsewhere.test>",
            f"To: {user}@example.test",
            f"Subject: Re: {subject}" if thread else f"Subject: {subject}",
            f"Message-ID: {id_}",
            *([f"In-Reply-To: {thread}", f"References: {thread}"] if thread else []),
            "MIME-Version: 1.0",
        ]
        thread = thread or id_
        yield ("\r\n".join(head) + "\r\n" + _body(chance, number)).encode()


def _word(text_: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text_.encode()).decode()}?="


def _body(chance: random.Random, number: int) -> str:
    said = "\n".join(chance.choice(WORDS) for _ in range(chance.randint(1, 12)))
    quoted = "\n".join(f"> {chance.choice(WORDS)}" for _ in range(chance.randint(0, 20)))
    plain = f"{said} {number}\n\nVào Th 2, 3 thg 11, 2025 lúc 10:00 Mộc An <shop@example.test> đã viết:\n{quoted}\n"
    parts = [_part("text/plain; charset=utf-8", plain.encode())]
    if chance.random() < 0.6:
        lines = plain.replace("\n", "<br>\n")
        page = f'<div dir="ltr">{lines}</div><div class="gmail_quote">{lines}</div>'
        parts.append(_part("text/html; charset=utf-8", page.encode()))
    words = _together("alternative", parts) if len(parts) > 1 else parts[0]
    if chance.random() >= 0.03:
        return words
    data = chance.randbytes(chance.randint(5_000, 60_000))
    return _together("mixed", [words, _part('image/jpeg; name="anh.jpg"', data)])


def _part(kind: str, data: bytes) -> str:
    coded = base64.encodebytes(data).decode().replace("\n", "\r\n")
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}"


def _together(kind: str, parts: list[str]) -> str:
    inner = "".join(f"--{kind}-x\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{kind}-x"\r\n\r\n{inner}--{kind}-x--\r\n'


def _give(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, 65534, 65534)
