#!/usr/bin/env bash
# Installs what the demo ("run") or the tests ("test") need and is not there yet, saying what and why:
# Debian packages through apt, Python packages into .venv from the locked versions with their hashes.
# A second call with nothing to do takes well under a second.
set -euo pipefail
cd "$(dirname "$0")/.."
exec 1>&2 # standard output belongs to the verb that called: its figures are read by programs

purpose=${1:-run}
say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

declare -A why=(
  [python3-venv]="the project's own Python environment"
  [python3-dev]="builds the evdev wheel (no binary wheel exists for it)"
  [gcc]="builds the evdev wheel"
  [libc6-dev]="builds the evdev wheel"
  [linux-libc-dev]="key codes of USB scanners, for evdev"
  [tzdata]="the shop's time zone"
  [mosquitto]="the message broker of a store"
  [libzbar0]="reads bar codes and QR codes"
  [libgl1]="the kiosk's pictures"
  [libegl1]="the kiosk's pictures, also off-screen"
  [libgles2]="the kiosk's pictures on a Raspberry Pi"
  [libgl1-mesa-dri]="the kiosk's pictures without a graphics card"
  [fonts-inter]="the kiosk's letters"
  [fonts-noto-core]="the letters of printed cards, and of the kiosk beyond Latin"
  [chromium]="tests: the staff pages in a real browser"
  [libnss3-tools]="tests: gives a browser an authority to trust, as the operations page tells it"
  [postgresql]="tests: the same suite on PostgreSQL as on SQLite"
  [mosquitto-clients]="tests: the commands of the guide for vendors of registers"
  [curl]="tests: the commands of the guide for vendors of registers"
  [systemd]="tests: checks the unit files"
  [caddy]="tests: the way in from outside through a small host, as the operations page tells it"
  [wireguard-tools]="tests: reads the tunnel's files of the operations page"
  [iproute2]="tests: machines of their own for shop, host and phone"
  [nftables]="tests: a router that forwards a port"
)
run=(python3-venv python3-dev gcc libc6-dev linux-libc-dev tzdata mosquitto libzbar0 libgl1 libegl1 libgles2
  libgl1-mesa-dri fonts-inter fonts-noto-core)
case $purpose in
  run) wanted=("${run[@]}") lock=requirements/run.txt ;;
  test) wanted=("${run[@]}" chromium libnss3-tools mosquitto-clients curl postgresql systemd caddy wireguard-tools iproute2 nftables) lock=requirements/dev.txt ;;
  *) fail "say run or test" ;;
esac

# Debian 13 renamed libraries whose time fields grew (name + t64); apt still takes the old name.
installed() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" "$1t64" 2>/dev/null) == *"ii "* ]]; }

install_debian() {
  local root=() missing=() name
  for name in "${wanted[@]}"; do installed "$name" || missing+=("$name"); done
  ((${#missing[@]})) || return 0
  say "these Debian packages are missing:"
  for name in "${missing[@]}"; do echo "  $name: ${why[$name]}"; done
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "neither root nor sudo; install them, then run this again"
    root=(sudo)
    say "asking sudo for apt-get, for nothing else but these packages"
  fi
  # Installing mosquitto, postgresql or caddy starts a service on a Debian machine. The demo and the tests start
  # their own on free ports, so what is installed here on their account is neither started nor enabled.
  local policy=/usr/sbin/policy-rc.d ours=
  if [[ ! -e $policy ]]; then
    ours=1
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
  fi
  local status=0
  { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
  } </dev/null || status=$?
  [[ -z $ours ]] || "${root[@]}" rm -f "$policy"
  ((status == 0)) || fail "apt-get ended with status $status"
  for name in mosquitto postgresql caddy; do
    [[ " ${missing[*]} " == *" $name "* ]] && command -v systemctl >/dev/null || continue
    "${root[@]}" systemctl --quiet disable "$name.service" </dev/null >/dev/null 2>&1 || true
    say "left the system's $name service stopped and disabled: the project starts its own"
  done
}

install_python() {
  # Anything that changes what is installed changes the stamp; what dev.txt brings contains all of run.txt.
  local stamp=.venv/.installed key
  key() { cat "$1" pyproject.toml tools/setup.sh <(python3 --version) <(pwd) | sha256sum | cut -d' ' -f1; }
  if [[ -e $stamp ]] && grep -qxF -e "$(key "$lock")" -e "$(key requirements/dev.txt)" "$stamp"; then return 0; fi
  python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
    fail "$(python3 --version) found; Python 3.11 to 3.13 is needed (Debian 12 or 13)"
  say "installing the locked Python packages of $lock into .venv"
  [[ -x .venv/bin/python ]] || python3 -m venv .venv
  local pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet install --no-build-isolation --use-pep517)
  # setuptools first and alone: it builds evdev and the project, at the locked version instead of a fetched one.
  "${pip[@]}" --require-hashes -r <(awk '/^[^ ]/ {on = /^setuptools==/} on' requirements/dev.txt)
  "${pip[@]}" --require-hashes -r "$lock"
  "${pip[@]}" --no-deps --editable .
  key "$lock" >"$stamp"
}

command -v dpkg-query >/dev/null || fail "this is for Debian 12, Debian 13 and Raspberry Pi OS (64 bit)"
install_debian
install_python
