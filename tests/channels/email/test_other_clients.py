"""The fakes understand clients that nobody here wrote: ImapFlow and Nodemailer, from npm."""

import asyncio
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest

from channels.fakes.imap import FakeImap
from channels.fakes.smtp import FakeSmtp
from tests.channels.from_npm import fetched

SCRIPT = Path(__file__).with_name("other_clients.mjs")
FIRST, SECOND = "Subject: một\r\n\r\nChào shop\r\n", "Subject: hai\r\n\r\nCòn trà không?\r\n"


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetched(tmp_path_factory.mktemp("mail"), SCRIPT, "imapflow@1", "nodemailer@7")


@pytest.mark.timeout(180)
async def test_imapflow_and_nodemailer_talk_with_the_fakes_as_with_real_servers(clients: Path) -> None:
    async with FakeImap() as imap, FakeSmtp() as smtp:
        smtp.refused["b@x.test"] = "550 no"
        imap.put(FIRST.encode())
        command = ("node", SCRIPT.name, str(imap.port), str(smtp.port))
        node = await asyncio.create_subprocess_exec(
            *command, cwd=clients, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(30):
            await imap.idling()
            imap.put(SECOND.encode())
            out, errors = await node.communicate()
        (taken,) = smtp.taken
        kept = imap.boxes["Sent"].mails[0].raw

    assert (node.returncode, errors) == (0, b"")
    assert msgspec.json.decode(out) == {
        "folders": ["INBOX", "Sent"],
        "found": [[1, FIRST]],
        "count": 2,
        "refused": "no such folder",
        "accepted": ["a@x.test"],
        "rejected": ["b@x.test"],
    }
    assert kept == b"Subject: kept\r\n\r\nx\r\n"
    mail = message_from_bytes(taken.mail, policy=policy.default)
    assert (taken.to, mail["subject"], mail.get_content()) == (("a@x.test",), "Đơn hàng", "Dạ vâng ạ\r\n")
