#!/usr/bin/env bash
# What the browser tests need from the system: Chromium, fonts with Vietnamese and emoji, and the one library that
# Playwright's own driver lacks on a bare Debian. Installs them with apt as root; otherwise says exactly what is missing.
set -euo pipefail

declare -A proof=(
  [chromium]="command -v chromium chromium-browser google-chrome"
  [fonts-noto-core]="ls /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
  [fonts-noto-color-emoji]="ls /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
  [libatomic1]="ls /usr/lib/*/libatomic.so.1 /lib/*/libatomic.so.1 /usr/lib64/libatomic.so.1"
)

# Each proof names alternatives; one that is there is enough, so look at what it prints, not at its exit status.
missing() {
  local package
  for package in chromium fonts-noto-core fonts-noto-color-emoji libatomic1; do
    [ -n "$(eval "${proof[$package]}" 2>/dev/null || true)" ] || printf '%s ' "$package"
  done
}

[ "$(uname -s)" = Linux ] || { echo "The browser tests look for Chromium or Chrome; on this system install it by hand."; exit 0; }
wanted=$(missing)
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The browser tests need these system packages (Debian's names): $wanted"
  echo "Install them, for example: sudo apt-get install --no-install-recommends $wanted"
  exit 1
fi

echo "Installing for the browser tests: $wanted"
export DEBIAN_FRONTEND=noninteractive
for attempt in 1 2 3; do
  # shellcheck disable=SC2086
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null; then break; fi
  [ "$attempt" != 3 ] || { echo "apt could not install: $wanted"; exit 1; }
  sleep $((attempt * 5))
done
wanted=$(missing)
[ -z "$wanted" ] || { echo "Still missing after the installation: $wanted"; exit 1; }
