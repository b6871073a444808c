"""From a kept mail to inbounds. Pure: what it means depends on the mail and the account alone."""

import datetime as dt
import mimetypes
from urllib.parse import unquote

import msgspec

from channels.email import forms, tokens, wire
from channels.email.meaning import authentic, auto, bounce, threads
from channels.email.meaning.bounce import Bounce
from channels.email.reading import mime, text
from channels.email.reading.charset import composed
from channels.email.reading.mail import File, Mail, Mailbox
from hub.errors import BadInput, Poison
from hub.inbound import From, Inbound, InboundFile, InboundMessage, InboundReach, InboundReceipt
from hub.model import Account, Arrival, MessageId

# A body with none of these is no mail, whoever posted it; what comes from a mailbox is one in any case.
HEADERS_OF_MAILS = frozenset(
    "from to cc subject date message-id received return-path mime-version content-type delivered-to".split()  # noqa: SIM905 (on one line)
)
EARLY = dt.timedelta(minutes=10)  # that a sender's clock may be ahead
LATE = dt.timedelta(days=14)  # that a mail may have waited on its way
OLDEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # for mail that is history anyway


def normalise(account: Account, arrival: Arrival) -> list[Inbound]:
    """What a kept mail means. Raises Poison when it is none."""
    try:
        settings, secrets = wire.settings_of(account), wire.secrets_of(account)
    except BadInput as error:
        raise Poison(str(error)) from error
    raw = forms.mail_of(arrival)
    mail = mime.parse(raw)
    if wire.FOLDER not in arrival.headers and not any(name in HEADERS_OF_MAILS for name, _ in mail.headers):
        raise Poison("not a mail: it has no header of one")
    if arrival.headers.get(wire.FOLDER_KIND) != "sent" and (found := bounce.bounces(mail, raw, secrets.token_secret)):
        return [each for one in found for each in _told(one)]
    return _message(account, arrival, mail, settings, secrets)


def _message(
    account: Account, arrival: Arrival, mail: Mail, settings: wire.Settings, secrets: wire.Secrets
) -> list[Inbound]:
    # Whoever writes to us may add a line that says where the mail was delivered: it makes nobody one of us.
    own, ours = threads.own_addresses(settings), threads.our_addresses(mail, settings)
    verified = authentic.verified(mail, settings.trusted_authserv)
    by_us = _by_us(arrival, mail, own, verified, secrets)
    sender = _sender(mail, own, by_us=by_us)
    everyone = threads.everyone(mail, ours, sender.address)
    to, everyone = _answer_to(mail, ours, sender, everyone, by_us=by_us)
    if by_us and not to:
        return []  # a note that we sent to ourselves
    read = text.read(mail)
    conversation = threads.proven(mail, secrets.token_secret)
    answers = _answers(mail, settings, secrets)
    ours_is_named = any(tokens.message_of(one, secrets.token_secret) for one in answers)
    external = threads.external(mail)
    sent_as = tokens.message_of(mail.message_id, secrets.token_secret)
    return [
        InboundMessage(
            external=external,
            thread=external,
            sender=From(
                value=sender.address or f"unknown-{external[-16:]}",
                name=sender.name,
                verified=verified if sender == mail.sender and not by_us else None,
            ),
            to=to,
            at=_at(mail, arrival),
            order=arrival.order,
            text=read.text,
            files=tuple(_files(mail)),
            history=arrival.history,
            subject=composed(mail.subject).strip() or None,
            html=read.html,
            visible=read.visible,
            everyone=everyone,
            auto=_is_auto(mail, own, ours, sender, answers_ours=conversation is not None or ours_is_named)
            if not by_us
            else sent_as is not None and auto.is_auto(mail, ours, answers_ours=True),
            elsewhere=by_us,
            known_as=_known_as(mail, sent_as, by_us=by_us),
            answers=answers,
            conversation=conversation,
        )
    ]


def _known_as(mail: Mail, sent_as: MessageId | None, *, by_us: bool) -> tuple[str, ...]:
    """Its Message-ID; a copy of what we sent also names our message, which settles one whose end nobody knew."""
    if not mail.message_id or (sent_as is not None and not by_us):
        return ()
    return (mail.message_id,) if sent_as is None else (mail.message_id, sent_as)


def _is_auto(mail: Mail, own: frozenset[str], ours: frozenset[str], sender: Mailbox, *, answers_ours: bool) -> bool:
    """A machine wrote it; or somebody who writes as one of us without a proof."""
    return auto.is_auto(mail, ours, answers_ours=answers_ours) or tokens.without_tag(sender.address) in own


# Who writes to whom ----------------------------------------------------------------------------------------------


def _by_us(arrival: Arrival, mail: Mail, own: frozenset[str], verified: str | None, secrets: wire.Secrets) -> bool:
    """Whether our side wrote it: it lies in the Sent folder, or it bears our From and a proof.

    Everybody can write our address into From; without a proof such a mail is just a mail.
    """
    if arrival.headers.get(wire.FOLDER_KIND) == "sent":
        return True
    if tokens.without_tag(mail.sender.address) not in own or _asked_back(mail, own) is not None:
        return False
    return verified is not None or tokens.message_of(mail.message_id, secrets.token_secret) is not None


def _asked_back(mail: Mail, ours: frozenset[str]) -> Mailbox | None:
    """Whom an answer should go to, if the mail names somebody who is not us."""
    return next(
        (one for one in mail.reply_to if "@" in one.address and tokens.without_tag(one.address) not in ours), None
    )


def _sender(mail: Mail, own: frozenset[str], *, by_us: bool) -> Mailbox:
    """The person: a form on our website writes as us and names the customer in Reply-To."""
    person = mail.sender
    if not by_us and (tokens.without_tag(person.address) in own or not person.address):
        person = _asked_back(mail, own) or person
    return Mailbox(address=person.address.lower(), name=person.name) if person != mail.sender else _lowered(person)


def _lowered(person: Mailbox) -> Mailbox:
    return msgspec.structs.replace(person, address=person.address.lower())


def _answer_to(
    mail: Mail, ours: frozenset[str], sender: Mailbox, everyone: tuple[str, ...], *, by_us: bool
) -> tuple[str, tuple[str, ...]]:
    """Where an answer goes, and who else gets one to all."""
    if by_us:
        return (everyone[0], everyone[1:]) if everyone else ("", ())
    back = _asked_back(mail, ours)
    to = back.address.lower() if back is not None else sender.address
    return to, tuple(one for one in everyone if one != to)


def _answers(mail: Mail, settings: wire.Settings, secrets: wire.Secrets) -> tuple[str, ...]:
    """What it answers; what came to a return path of ours answers that message, whatever it names."""
    named = threads.answers(mail)
    sent_back = bounce.returned_message(mail, secrets.token_secret)
    if sent_back is None:
        return named
    domain = settings.address.rpartition("@")[2]
    return (tokens.message_id(domain, secrets.token_secret, sent_back, 0), *named)


# When it was ------------------------------------------------------------------------------------------------------


def _at(mail: Mail, arrival: Arrival) -> dt.datetime:
    """The Date if it can be believed, else when it arrived; the order is that of arrival in any case."""
    earliest = OLDEST if arrival.history else arrival.at - LATE
    if mail.date is None or not earliest <= mail.date <= arrival.at + EARLY:
        return arrival.at
    return min(mail.date, arrival.at)


# What came along --------------------------------------------------------------------------------------------------


def _files(mail: Mail) -> list[InboundFile]:
    kept = [file for file in mail.files if not file.shown]
    page = unquote(mail.html) if "cid:" in mail.html else ""
    return [
        InboundFile(
            name=file.name or _name(file, nth),
            mime=file.mime,
            size=len(file.data),
            data=file.data,
            # Only what the HTML really shows is left out of the list of files.
            inline=file.cid if file.cid and f"cid:{file.cid}" in page else None,
        )
        for nth, file in enumerate(kept, 1)
    ]


def _name(file: File, nth: int) -> str:
    kind = {"message": "message", "image": "image", "audio": "audio", "video": "video"}.get(
        file.mime.split("/")[0], "file"
    )
    ending = ".eml" if file.mime == "message/rfc822" else mimetypes.guess_extension(file.mime) or ".bin"
    return f"{kind}-{nth}{ending}"


# What came back ---------------------------------------------------------------------------------------------------


def _told(one: Bounce) -> list[Inbound]:
    """A bounce belongs to the message that bounced; it never opens a conversation."""
    if one.kind in ("delayed", "fine") or not (one.message or one.external):
        return []
    told: list[Inbound] = [
        InboundReceipt(
            state="refused",
            message=one.message,
            external=None if one.message else one.external,
            to=one.recipient or None,
            why=one.why,
        )
    ]
    if one.message is not None and one.recipient and (one.gone or one.kind == "complaint"):
        of = None if one.proven else one.message
        told.append(InboundReach(sender=From(value=one.recipient), why=one.why, of=of))
    return told
