#!/usr/bin/env bash
# What the browser tests need from the system: Chromium, fonts with Vietnamese and emoji, and the one library that
# Playwright's own driver lacks on a bare Debian. Installs them with apt as root; otherwise says exactly what is missing.
set -euo pipefail
source "$(dirname "$0")/installing.sh"

declare -A proof=(
  [chromium]="command -v chromium chromium-browser google-chrome"
  [fonts-noto-core]="ls /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
  [fonts-noto-color-emoji]="ls /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
  [libatomic1]="ls /usr/lib/*/libatomic.so.1 /lib/*/libatomic.so.1 /usr/lib64/libatomic.so.1"
)

[ "$(uname -s)" = Linux ] || { echo "The browser tests look for Chromium or Chrome; on this system install it by hand."; exit 0; }
wanted=$(missing)
[ -n "$wanted" ] || exit 0

if ! may_install; then
  echo "The browser tests need these system packages (Debian's names): $wanted"
  echo "Install them, for example: sudo apt-get install --no-install-recommends $wanted"
  exit 1
fi

echo "Installing for the browser tests: $wanted"
install_missing
