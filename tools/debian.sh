# shellcheck shell=bash
# Debian packages that Comptoir asks for, and why; for setup.sh and install.sh, which source it.

say() { echo "$tool: $*"; }
fail() { echo "$tool: $*" >&2; exit 1; }

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
  [systemd]="starts and confines the services; tests check their files with it"
  [caddy]="tests: the way in from outside through a small host, as the operations page tells it"
  [wireguard-tools]="tests: reads the tunnel's files of the operations page"
  [iproute2]="tests: machines of their own for shop, host and phone"
  [nftables]="tests: a router that forwards a port"
  [qemu-system-x86]="tests: a booted machine"
  [qemu-utils]="tests: its disks"
  [mmdebstrap]="tests: its Debian"
  [openssh-client]="tests: the way into it"
  [python3-libcamera]="the Pi camera; bound to the kernel, so it comes with the system"
  [python3-kms++]="picamera2 asks for it before it opens a camera"
  [libcap-dev]="builds python-prctl, which picamera2 needs"
  [python3-lgpio]="light and beeper on a Raspberry Pi's pins"
  [cage]="the kiosk's screen without a desktop"
  [seatd]="gives the kiosk its screen"
  [xwayland]="the kiosk's window"
  [grim]="tests: pictures of what the kiosk's compositor shows"
  [alsa-utils]="the kiosk's sounds, on a loudspeaker or into a file"
  [espeak-ng]="the kiosk's screens read aloud"
)

base=(python3-venv python3-dev gcc libc6-dev linux-libc-dev tzdata)
pictures=(libgl1 libegl1 libgles2 libgl1-mesa-dri fonts-inter)

# Debian 13 renamed libraries whose time fields grew (name + t64); apt still takes the old name.
installed() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" "$1t64" 2>/dev/null) == *"ii "* ]]; }

# install_debian PACKAGE...: those that are missing, saying which and why.
install_debian() {
  local root=() missing=() name
  for name in "$@"; do installed "$name" || missing+=("$name"); done
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
