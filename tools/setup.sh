#!/usr/bin/env bash
# Installs what the demo ("run"), the tests ("test"), those on a booted machine ("machine") or a machine of a shop
# ("station", "scanner", "kiosk", "camera"; several in one go) need and is not there yet, saying what and why:
# Debian packages through apt, Python packages into .venv from the locked versions with their hashes.
# A second call with nothing to do takes well under a second. --packages names the Debian packages and does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
exec 3>&1 1>&2 # standard output belongs to the verb that called: its figures are read by programs

tool=setup
source tools/debian.sh
demo=(mosquitto libzbar0 "${pictures[@]}" fonts-noto-core)
wanted=("${base[@]}") lock=requirements/run.txt system_packages=false
only_names=false
[[ ${1:-} != --packages ]] || { only_names=true; shift; }
for purpose in "${@:-run}"; do
  case $purpose in
    run) wanted+=("${demo[@]}") ;;
    test)
      wanted+=("${demo[@]}" chromium libnss3-tools mosquitto-clients curl postgresql systemd caddy
        wireguard-tools iproute2 nftables cage xwayland grim alsa-utils espeak-ng)
      lock=requirements/dev.txt
      ;;
    machine) wanted+=(qemu-system-x86 qemu-utils mmdebstrap openssh-client) lock=requirements/dev.txt ;;
    station) wanted+=(systemd mosquitto fonts-noto-core) ;;
    scanner)
      wanted+=(systemd libzbar0)
      # No wheel of lgpio for this Python: the package of Raspberry Pi OS is let into the environment.
      if python3 -c 'import sys; sys.exit(sys.version_info < (3, 13))' && apt-cache show python3-lgpio >/dev/null 2>&1; then
        wanted+=(python3-lgpio) system_packages=true
      fi
      ;;
    kiosk) wanted+=(systemd libzbar0 "${pictures[@]}" fonts-noto-core cage seatd xwayland) ;;
    camera)
      wanted+=(python3-libcamera libcap-dev) lock=requirements/camera.txt system_packages=true
      ! apt-cache show python3-kms++ >/dev/null 2>&1 || wanted+=(python3-kms++)
      ;;
    *) fail "say run, test, machine, station, scanner, kiosk or camera" ;;
  esac
done
mapfile -t wanted < <(printf '%s\n' "${wanted[@]}" | awk '!seen[$0]++')
if $only_names; then
  printf '%s\n' "${wanted[@]}" >&3
  exit
fi

install_python() {
  # Anything that changes what is installed changes the stamp; what dev.txt brings contains all of run.txt.
  local stamp=.venv/.installed key
  key() { cat "$1" pyproject.toml tools/setup.sh tools/debian.sh <(python3 --version) <(pwd) | sha256sum | cut -d' ' -f1; }
  if [[ -e $stamp ]] && grep -qxF -e "$(key "$lock")" -e "$(key "${lock/run/dev}")" "$stamp"; then return 0; fi
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

let_system_packages_in() {
  [[ $system_packages == false ]] ||
    sed -i 's/^include-system-site-packages = false$/include-system-site-packages = true/' .venv/pyvenv.cfg
}

command -v dpkg-query >/dev/null || fail "this is for Debian 12, Debian 13 and Raspberry Pi OS (64 bit)"
install_debian "${wanted[@]}"
install_python
let_system_packages_in
