"""A real mail server for tests: Debian's Dovecot and Postfix, from a private folder, on loopback ports of their own.

Anybody may sign in to Dovecot with the password `PASSWORD`, or with the token "token-for-<user>" while that user is
not in `revoked`; a mailbox is there as soon as it is named. Nothing can leave: Postfix delivers `example.test` to
Dovecot, hands `bounce.test` to a port of the test's, and refuses the rest.
"""

import contextlib
import http.server
import json
import os
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.embedded.programs import free_port
from tests.bench.processes import end_with_parent
from tests.channels.email.certificates import Authority

PASSWORD = "mật-khẩu"
PACKAGES = {"dovecot": "dovecot-imapd dovecot-lmtpd", "postfix": "postfix"}
UP_S = 60.0

DOVECOT = """
base_dir = {dir}/run
state_dir = {dir}/state
instance_name = hubtest
log_path = {dir}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = yes
ssl_cert = <{dir}/server.pem
ssl_key = <{dir}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
auth_username_format = %Ln
mail_location = maildir:{dir}/mail/%u/Maildir
mail_uid = 65534
mail_gid = 65534
mail_max_userip_connections = 100
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {dir}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={dir}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox "Thư đã gửi" {{
    special_use = \\Sent
    auto = subscribe
  }}
}}
service imap-login {{
  process_min_avail = 2
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""

OAUTH2 = """
introspection_mode = post
introspection_url = http://127.0.0.1:{oauth}/
username_attribute = user
active_attribute = active
active_value = yes
"""

POSTFIX = """
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {dir}/maillog
maillog_file_prefixes = {dir}
myhostname = mail.example.test
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:5.1.1 there are no local mailboxes
virtual_mailbox_domains = example.test
virtual_mailbox_maps = regexp:{dir}/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
lmtp_host_lookup = native
smtp_host_lookup = native
smtp_dns_support_level = disabled
smtp_generic_maps =
recipient_delimiter = +
transport_maps = inline:{{ bounce.test=smtp:[127.0.0.1]:{far} }}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_tls_cert_file = {dir}/server.pem
smtpd_tls_key_file = {dir}/server.key
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
bounce_queue_lifetime = 1m
maximal_queue_lifetime = 1m
default_transport = error:5.4.4 nothing leaves this machine
"""

MASTER = """127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class MailHouse:
    """Where the servers are, and what a test does to them behind the hub's back."""

    def __init__(self, folder: Path, ports: dict[str, int]) -> None:
        self.folder = folder
        self.ports = ports
        self.authority = Authority(folder)
        self.revoked: set[str] = set()

    @property
    def ca_file(self) -> str:
        return str(self.authority.file)

    def maildir(self, user: str) -> Path:
        return self.folder / "mail" / user / "Maildir"

    def deliver(self, user: str, *mails: bytes, sender: str = "khach@elsewhere.test", to: str | None = None) -> None:
        """By LMTP, as Postfix would."""
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"], timeout=10) as lmtp:
            for mail in mails:
                lmtp.sendmail(sender, [to or user], mail)

    def doveadm(self, *words: str) -> str:
        """What doveadm says about this server."""
        asked = ["doveadm", "-c", str(self.folder / "dovecot.conf"), *words]
        return subprocess.run(asked, check=True, capture_output=True, text=True, timeout=10).stdout

    def kick(self, user: str) -> None:
        """Cut every session of this user."""
        self.doveadm("kick", user)

    def begin_anew(self, user: str) -> None:
        """Let the inbox have another UIDVALIDITY, as after a move to another server."""
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(int(time.time()) + 1000), "INBOX")


@contextlib.contextmanager
def dovecot() -> Iterator[MailHouse]:
    """A running Dovecot."""
    folder = Path(tempfile.mkdtemp(prefix="hub-mail-"))
    folder.chmod(0o755)
    names = ("imap", "imaps", "lmtp", "auth", "oauth", "smtp", "smtps", "far")
    house = MailHouse(folder, dict(zip(names, free_ports(len(names)), strict=True)))
    house.authority.issue(folder / "server.pem", folder / "server.key")
    values = {"dir": folder, "password": PASSWORD, **house.ports}
    (folder / "dovecot.conf").write_text(DOVECOT.format(**values))
    (folder / "oauth2.conf").write_text(OAUTH2.format(**values))
    (folder / "mail").mkdir()
    os.chown(folder / "mail", 65534, 65534)
    tokens = _tokens(house)
    server = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")], preexec_fn=end_with_parent)
    try:
        _until_open([house.ports[name] for name in ("imap", "imaps", "lmtp", "auth")], folder / "dovecot.log")
        yield house
    finally:
        server.terminate()
        server.wait(10)
        tokens.shutdown()
        tokens.server_close()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postfix(house: MailHouse) -> Iterator[None]:
    """A running Postfix that belongs to this Dovecot."""
    folder = Path(tempfile.mkdtemp(prefix="hub-post-"))
    folder.chmod(0o755)
    for name in ("server.pem", "server.key"):
        shutil.copy(house.folder / name, folder / name)
    for name in ("queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    (folder / "mailboxes").write_text("/@example\\.test$/ x\n")
    values = {"dir": folder, **house.ports}
    (folder / "main.cf").write_text(POSTFIX.format(**values))
    (folder / "master.cf").write_text(MASTER.format(**values))
    server = subprocess.Popen(
        ["postfix", "-c", str(folder), "start-fg"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=end_with_parent,
    )
    try:
        _until_open([house.ports[name] for name in ("smtp", "smtps")], folder / "maillog")
        yield
    finally:
        subprocess.run(["postfix", "-c", str(folder), "stop"], check=False, capture_output=True)
        server.wait(15)
        shutil.rmtree(folder, ignore_errors=True)


def why_not(program: str) -> str | None:
    """Why this server cannot be started here; None when it can."""
    if shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") is None:
        return f"{program} is not here: apt-get install --no-install-recommends {PACKAGES[program]}"
    if os.geteuid() != 0:
        return f"{program} can only be started by root"
    return None


@pytest.fixture(scope="session")
def mail_house() -> Iterator[MailHouse]:
    if why := why_not("dovecot"):
        pytest.skip(why)
    with dovecot() as house:
        yield house


@pytest.fixture(scope="session")
def post_house(mail_house: MailHouse) -> Iterator[MailHouse]:
    """The same with Postfix."""
    if why := why_not("postfix"):
        pytest.skip(why)
    with postfix(mail_house):
        yield mail_house


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at now, and that no test is lent for a server or a connection of its own meanwhile."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)


def _until_open(ports: list[int], log: Path) -> None:
    patience = time.monotonic() + UP_S
    for port in ports:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > patience:
                    raise RuntimeError(
                        f"nothing listens at {port}: {log.read_text() if log.exists() else ''}"
                    ) from None
                time.sleep(0.05)


def _tokens(house: MailHouse) -> http.server.ThreadingHTTPServer:
    """Where Dovecot asks whether a token holds."""

    class Introspection(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            prefix, _, user = form["token"][0].rpartition("token-for-")
            good = prefix == "" and user and user not in house.revoked
            body = json.dumps({"active": "yes", "user": user} if good else {"active": "no"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", house.ports["oauth"]), Introspection)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def client_tls(house: MailHouse) -> ssl.SSLContext:
    """What a client trusts."""
    return ssl.create_default_context(cafile=house.ca_file)
