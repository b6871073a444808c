"""What stands between us and a mail server, as sentences; and the TLS that is asked of it."""

import asyncio
import socket
import ssl
from pathlib import Path

from channels.email.listening.imap import No
from channels.email.listening.stream import Gone
from channels.email.wire import Server
from hub.errors import Unreachable

TRY_LATER = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA"})


def tls(ca_file: str | None) -> ssl.SSLContext:
    """Certificates are always checked, against the system's authorities or the owner's own. Raises Unreachable."""
    if ca_file and not Path(ca_file).is_file():
        raise Unreachable(f"The file with the mail server's authority, {ca_file}, is not there.", for_good=True)
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (ssl.SSLError, OSError) as error:
        raise Unreachable(f"{ca_file} holds no certificates that can be used.", for_good=True) from error


def unreachable(error: BaseException, server: Server, name: str) -> Unreachable:
    """Why `name` (IMAP or SMTP) at this server cannot be used, and what to do about it."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, No):
        return _refused(error, server)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(_certificate(error, where), for_good=False)
    if isinstance(error, ssl.SSLError):
        return Unreachable(
            f"{where} does not speak TLS from the start. Choose STARTTLS for this port, or the port for TLS "
            f"({'993' if name == 'IMAP' else '465'})."
        )
    if isinstance(error, socket.gaierror):
        return Unreachable(f"No server is called {server.host}. Check the {name} server's name.")
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(f"Nothing answers at {where}. Check the {name} port, or whether the server runs.")
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return Unreachable(f"{where} did not answer in time. Check the {name} server and port; it is tried again.")
    if isinstance(error, Gone):
        return Unreachable(_gone(error, server, where))
    if isinstance(error, OSError):
        return Unreachable(f"{where} cannot be reached ({error.strerror or type(error).__name__}). It is tried again.")
    return Unreachable(f"{name} at {where} failed ({type(error).__name__}). It is tried again.")


def _refused(error: No, server: Server) -> Unreachable:
    if error.code.split(" ")[0] in TRY_LATER:
        return Unreachable(f"{server.host} is not available for this mailbox now: {error.said} It is tried again.")
    if error.command == "AUTHENTICATE XOAUTH2":
        return Unreachable(
            f"{server.host} does not accept this mailbox's sign-in any more: {error.said} Connect it again.",
            for_good=True,
        )
    if error.command in ("LOGIN", "AUTHENTICATE PLAIN"):
        return Unreachable(wrong_password(server, error.said), for_good=True)
    if error.command == "STARTTLS":
        return Unreachable(f"{server.host}:{server.port} offers no STARTTLS. Choose TLS, and the port for it.")
    return Unreachable(f"{server.host} refused {error.command}: {error.said}")


def wrong_password(server: Server, said: str) -> str:
    """For IMAP and SMTP alike."""
    hint = " Gmail and Outlook take no account password here, but an app password or a sign-in by token."
    known = any(part in server.host for part in ("gmail", "google", "outlook", "office365"))
    return (
        f"{server.host} does not accept the user name {server.user} with this password ({said.rstrip('.')}). "
        f"Enter the password again.{hint if known else ''}"
    )


def _certificate(error: ssl.SSLCertVerificationError, where: str) -> str:
    why = error.verify_message or "it cannot be verified"
    if "expired" in why:
        return f"The certificate of {where} has expired. Whoever runs the server must renew it."
    if "self-signed" in why or "issuer" in why:
        return (
            f"The certificate of {where} was signed by nobody that this machine trusts ({why}). "
            "Give the file of its authority in the settings."
        )
    return f"The certificate of {where} does not hold: {why.rstrip('.')}. Check the server's name."


def _gone(error: Gone, server: Server, where: str) -> str:
    said = str(error)
    if server.security != "tls" and ("greeted" in said or "said nothing" in said or "closed" in said):
        return f"{where}: {said}. If this port speaks TLS from the start, choose TLS. It is tried again."
    return f"{where}: {said}. It is tried again."
