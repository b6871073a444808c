#!/usr/bin/env bash
# What the mail tests need from the system: Dovecot and Postfix, which the tests start by themselves from private folders.
# Nothing is configured and nothing starts by itself. Installs them with apt as root; otherwise says what is missing.
set -euo pipefail
source "$(dirname "$0")/installing.sh"

PATH="$PATH:/usr/sbin:/usr/local/sbin"
declare -A proof=(
  [dovecot-imapd]="ls /usr/lib/dovecot/imap /usr/libexec/dovecot/imap"
  [dovecot-lmtpd]="ls /usr/lib/dovecot/lmtp /usr/libexec/dovecot/lmtp"
  [postfix]="command -v postfix"
)

[ "$(uname -s)" = Linux ] || { echo "The mail tests run against Dovecot and Postfix on Linux only; they are skipped here."; exit 0; }
wanted=$(missing)
[ -n "$wanted" ] || exit 0

if ! may_install; then
  echo "Without these system packages (Debian's names) the tests against real mail servers are skipped: $wanted"
  echo "Install them, for example: sudo apt-get install --no-install-recommends $wanted"
  exit 0
fi

echo "Installing for the mail tests: $wanted"
# A mail server that a test machine never asked for must not listen there: no service starts while this file says 101.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
install_missing
