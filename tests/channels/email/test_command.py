"""`hub mail parse`: one JSON a mail with the keys that scripts rely on."""

import io
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.__main__ import main
from tests.channels.email.mails import mail

KEYS = [
    *("message_id", "from", "from_name", "to", "cc", "subject", "date", "text", "visible", "html", "attachments"),
    *("references", "auto_reply", "bounce"),
]


def printed(capfdbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in capfdbinary.readouterr().out.splitlines()]


def test_a_mail_is_one_line_with_every_key_in_its_order(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "a.eml").write_bytes(mail("Shop ơi\n\nVào 10:23, A <a@b.c> đã viết:\n> cũ", references="<a@b> <c@d>"))
    assert main(["mail", "parse", str(tmp_path / "a.eml")]) == 0
    (one,) = printed(capfdbinary)
    assert list(one) == KEYS
    assert one == {
        "message_id": "1@khach.example",
        "from": "lan@khach.example",
        "from_name": "Lan",
        "to": ["cskh@mocan.example"],
        "cc": [],
        "subject": "Đơn hàng",
        "date": "2026-01-12T03:23:45Z",
        "text": "Shop ơi\r\n\r\nVào 10:23, A <a@b.c> đã viết:\r\n> cũ",
        "visible": "Shop ơi",
        "html": "",
        "attachments": [],
        "references": ["a@b", "c@d"],
        "auto_reply": False,
        "bounce": None,
    }


def test_files_and_safe_html_are_named(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    body = (
        "--b\nContent-Type: text/html\n\n<p onclick=x>a</p>\n"
        "--b\nContent-Type: application/pdf; name=a.pdf\n\n%PDF\n--b--\n"
    )
    (tmp_path / "a.eml").write_bytes(mail(body, content_type="multipart/mixed; boundary=b"))
    assert main(["mail", "parse", str(tmp_path / "a.eml")]) == 0
    (one,) = printed(capfdbinary)
    assert (one["text"], one["visible"], one["html"]) == ("", "a", "<p>a</p>")
    assert one["attachments"] == [{"name": "a.pdf", "mime": "application/pdf", "bytes": 4}]


def test_a_bounce_says_whom_and_how(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    told = "Final-Recipient: rfc822; lan@khach.example\nAction: failed\nStatus: 5.1.1"
    body = f"--b\nContent-Type: message/delivery-status\n\nX: y\n\n{told}\n\n--b--\n"
    raw = mail(body, content_type="multipart/report; report-type=delivery-status; boundary=b")
    (tmp_path / "a.eml").write_bytes(raw)
    assert main(["mail", "parse", str(tmp_path / "a.eml")]) == 0
    (one,) = printed(capfdbinary)
    assert (one["auto_reply"], one["bounce"]) == (True, {"recipient": "lan@khach.example", "class": "permanent"})


def test_standard_input_is_read_and_several_files_are_several_lines(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.eml").write_bytes(mail(subject="a"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail(subject="b"))))
    assert main(["mail", "parse", str(tmp_path / "a.eml"), "-"]) == 0
    assert [one["subject"] for one in printed(capfdbinary)] == ["a", "b"]


def test_a_file_that_is_not_there_is_named_and_the_others_are_read(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "a.eml").write_bytes(mail())
    assert main(["mail", "parse", "no-such.eml", str(tmp_path / "a.eml")]) == 1
    out, err = capfdbinary.readouterr()
    assert out.count(b"\n") == 1
    assert err == b"hub: no-such.eml cannot be read: No such file or directory.\n"


def test_without_a_file_the_command_says_what_it_wants(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["mail", "parse"])
    assert ended.value.code == 2
    assert b"FILE" in capfdbinary.readouterr().err
