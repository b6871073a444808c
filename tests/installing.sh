# Sourced by the scripts that install what tests need from the system; it does nothing by itself.
# `proof` holds, for each package (by Debian's name), a command that prints something where it is there.

# Each proof names alternatives; one that is there is enough, so look at what it prints, not at its exit status.
missing() {
  local package
  for package in "${!proof[@]}"; do
    [ -n "$(eval "${proof[$package]}" 2>/dev/null || true)" ] || printf '%s ' "$package"
  done
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Install what is missing with apt; what is missing all the same is named, and ends the script.
install_missing() {
  local wanted attempt
  export DEBIAN_FRONTEND=noninteractive
  for attempt in 1 2 3; do
    wanted=$(missing)
    # shellcheck disable=SC2086
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null; then break; fi
    [ "$attempt" != 3 ] || { echo "apt could not install: $wanted"; exit 1; }
    sleep $((attempt * 5))
  done
  wanted=$(missing)
  [ -z "$wanted" ] || { echo "Still missing after the installation: $wanted"; exit 1; }
}
