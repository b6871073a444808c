"""Mail by webhook: kept when it is signed, refused when it is not; three forms, one meaning."""

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import urlencode

import msgspec
import pytest

from channels.base import RawArrival
from channels.email import webhooks
from channels.email.inbound import normalise
from channels.email.wire import Secrets
from hub.errors import Forged, Poison, TooLarge
from hub.inbound import InboundMessage
from tests.channels.email.mails import AT, SECRET, account, arrival, mail

SECRETS = Secrets(
    token_secret=SECRET, hook_secret="hook", mailgun_key="key", postmark_user="hub", postmark_password="pass"
)
SHOP_ACCOUNT = account(secrets=SECRETS)
NOW_S = int(AT.timestamp())
BASIC = "Basic " + base64.b64encode(b"hub:pass").decode()


def kept(headers: dict[str, str], body: bytes, now: dt.datetime = AT) -> RawArrival:
    (one,) = webhooks.verify(headers, body, [SHOP_ACCOUNT], now).arrivals
    return one


def meant(one: RawArrival) -> InboundMessage:
    (found,) = normalise(SHOP_ACCOUNT, arrival(one.body, one.headers))
    assert isinstance(found, InboundMessage)
    return found


# raw MIME ---------------------------------------------------------------------------------------------------------


def signed(body: bytes, secret: str = "hook", at_s: int = NOW_S) -> dict[str, str]:
    return {"content-type": "message/rfc822", "x-hub-signature": webhooks.sign(secret, body, at_s)}


def test_a_signed_mail_is_kept_as_it_is() -> None:
    one = kept(signed(mail()), mail())
    assert one.body == mail()
    assert meant(one).text == "Shop ơi"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature": ""},
        {"x-hub-signature": "t=1,v1=ä"},
        {"x-hub-signature": "t=x,v1=00"},
        {"x-hub-signature": f"t={'9' * 30},v1=00"},
        {"x-hub-signature": f"t={NOW_S},v1=\udc00"},
        signed(mail(), secret="other"),
        signed(mail(), at_s=NOW_S - 301),
        signed(mail(), at_s=NOW_S + 301),
        signed(mail() + b" "),
    ],
)
def test_anything_else_is_forged(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        kept(headers, mail())


def test_a_mailbox_without_a_hook_secret_takes_nothing() -> None:
    with pytest.raises(Forged):
        webhooks.verify(signed(mail(), secret=""), mail(), [account()], AT)


def test_what_is_too_large_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MOST_BYTES", 10)
    with pytest.raises(TooLarge):
        kept(signed(mail()), mail())


# Mailgun ----------------------------------------------------------------------------------------------------------


def mailgun(key: str = "key", at_s: int = NOW_S, token: str = "t1", **more: str) -> bytes:
    signature = hmac.new(key.encode(), f"{at_s}{token}".encode(), hashlib.sha256).hexdigest()
    fields = {"timestamp": str(at_s), "token": token, "signature": signature, "body-mime": mail().decode()}
    return urlencode({**fields, "recipient": "cskh@mocan.example", **more}).encode()


FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_mailguns_form_is_kept_whole_and_means_the_mail_in_it() -> None:
    one = kept(FORM, mailgun())
    assert one.body == mailgun()
    assert meant(one).text == "Shop ơi"


def test_mailguns_multipart_form_means_the_same() -> None:
    fields = dict(pair.split("=", 1) for pair in mailgun().decode().split("&"))
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**fields, "body-mime": mail().decode(), "recipient": "cskh@mocan.example"}.items()
    )
    headers = {"content-type": "multipart/form-data; boundary=x"}
    one = kept(headers, f"{body}--x--\r\n".encode())
    assert meant(one).external == meant(kept(FORM, mailgun())).external


def test_mailguns_next_try_of_the_same_mail_is_the_same_arrival() -> None:
    assert kept(FORM, mailgun(token="t1")).external == kept(FORM, mailgun(token="t2", at_s=NOW_S + 60)).external


@pytest.mark.parametrize("body", [mailgun(key="other"), mailgun(at_s=NOW_S - 301), mailgun(signature="ä"), b"", b"%%%"])
def test_a_form_that_mailgun_did_not_sign_is_forged(body: bytes) -> None:
    with pytest.raises(Forged):
        kept(FORM, body)


def test_a_form_without_the_mail_says_what_to_change() -> None:
    one = kept(FORM, mailgun(**{"body-mime": ""}))
    with pytest.raises(Poison, match="/mime"):
        normalise(SHOP_ACCOUNT, arrival(one.body, one.headers))


# Postmark ---------------------------------------------------------------------------------------------------------

JSON = {"content-type": "application/json", "authorization": BASIC}


def postmark(**fields: object) -> bytes:
    return msgspec.json.encode({"MessageID": "1", "OriginalRecipient": "cskh@mocan.example", **fields})


def test_postmarks_raw_content_means_the_mail() -> None:
    assert meant(kept(JSON, postmark(RawEmail=mail().decode()))).text == "Shop ơi"


def test_postmarks_pieces_mean_a_mail_too() -> None:
    body = postmark(
        From="Lan <lan@khach.example>",
        To="cskh@mocan.example",
        Subject="Đơn\r\nhàng",
        Date="Mon, 12 Jan 2026 10:23:45 +0700",
        TextBody="Shop ơi",
        HtmlBody="<p>Shop ơi</p>",
        Headers=[{"Name": "Message-ID", "Value": "<1@khach.example>"}],
        Attachments=[{"Name": "hóa đơn.pdf", "ContentType": "application/pdf", "Content": "JVBERg=="}],
    )
    found = meant(kept(JSON, body))
    assert (found.text, found.subject, found.known_as) == ("Shop ơi", "Đơn  hàng", ("1@khach.example",))
    assert [(file.name, file.mime, file.data) for file in found.files] == [("hóa đơn.pdf", "application/pdf", b"%PDF")]


@pytest.mark.parametrize("given", ["", "Basic", "Basic ä", "Bearer x", "Basic " + base64.b64encode(b"hub:no").decode()])
def test_json_without_postmarks_password_is_forged(given: str) -> None:
    with pytest.raises(Forged):
        kept({"content-type": "application/json", "authorization": given}, postmark())


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"Headers": 3}'])
def test_json_that_is_not_postmarks_is_poison(body: bytes) -> None:
    one = kept(JSON, body)
    with pytest.raises(Poison):
        normalise(SHOP_ACCOUNT, arrival(one.body, one.headers))
