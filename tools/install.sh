#!/usr/bin/env bash
# Installs Comptoir on a machine of a shop, or removes it: install.sh ROLE..., install.sh --remove
# Roles: station, kiosk, scanner (a counter without a screen), camera (a Pi camera at a lane; a Raspberry Pi that is
# a lane has this one without asking); one machine may have several. A second call changes only what is new. Configuration, certificates and data are never overwritten and never removed.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=install
source tools/debian.sh

home=/opt/comptoir
of_station=(comptoir-broker.path comptoir-broker.service comptoir-checkout.service comptoir-backup.service
  comptoir-backup.timer comptoir-web-certificate.service comptoir-web-certificate.timer comptoir-signer.service
  comptoir-certificates.service comptoir-certificates.timer)
of_scanner=(comptoir-device.service)
of_kiosk=(comptoir-device.service comptoir-kiosk.service)
changed=0

systemd_runs() { [[ -d /run/systemd/system ]]; }
is_raspberry_pi() { [[ $(tr -d '\0' 2>/dev/null </proc/device-tree/model) == "Raspberry Pi"* ]]; }
libcamera_is_offered() { apt-cache show python3-libcamera >/dev/null 2>&1; }

# put FILE FOLDER: copy where it differs.
put() {
  cmp -s "$1" "$2/${1##*/}" && return 0
  install -D -m 644 -t "$2" "$1"
  say "wrote $2/${1##*/}"
  changed=1
}

copy_program() {
  [[ $PWD == "$home" ]] && return 0
  local next=$home.next parts=(broker_config checkout codes comptoir device docs fleet kiosk loyalty messaging runtime
    requirements systemd tools Makefile README.md CHANGELOG.md pyproject.toml)
  rm -rf "$next"
  install -d -m 755 "$next"
  tar -c --exclude=__pycache__ "${parts[@]}" | tar -x --no-same-owner --no-same-permissions -C "$next"
  if [[ -d $home ]] && diff -rq --exclude=__pycache__ --exclude=.venv --exclude='*.egg-info' "$home" "$next" >/dev/null; then
    rm -rf "$next"
    return 0
  fi
  say "copying the program to $home"
  # The environment stays: its packages are the same unless the lock changed.
  [[ ! -d $home/.venv ]] || mv "$home/.venv" "$next/.venv"
  rm -rf "$home"
  mv "$next" "$home"
  changed=1
}

put_system_files() {
  local role units=(comptoir.target) unit
  put systemd/sysusers.d/comptoir.conf /etc/sysusers.d
  put systemd/tmpfiles.d/comptoir.conf /etc/tmpfiles.d
  for role in "$@"; do
    case $role in
      station)
        units+=("${of_station[@]}")
        put systemd/mosquitto.service.d/comptoir.conf /etc/systemd/system/mosquitto.service.d
        put systemd/tmpfiles.d/comptoir-broker.conf /etc/tmpfiles.d
        ;;
      scanner | kiosk)
        units+=("${of_scanner[@]}")
        put systemd/udev/70-comptoir.rules /etc/udev/rules.d
        put systemd/lane/sysctl.d/70-comptoir.conf /etc/sysctl.d
        put systemd/lane/logind.conf.d/comptoir.conf /etc/systemd/logind.conf.d
        if [[ $role == kiosk ]]; then
          units+=("${of_kiosk[@]}")
          put systemd/udev/71-comptoir-keyboards.rules /etc/udev/rules.d
        fi
        [[ -L /etc/systemd/system/ctrl-alt-del.target ]] ||
          ln -s /dev/null /etc/systemd/system/ctrl-alt-del.target
        ;;
    esac
  done
  for unit in "${units[@]}"; do put "systemd/$unit" /etc/systemd/system; done
  [[ $(readlink /usr/local/bin/comptoir) == "$home/.venv/bin/comptoir" ]] ||
    ln -sf "$home/.venv/bin/comptoir" /usr/local/bin/comptoir
}

put_configuration() {
  local file=/etc/comptoir/comptoir.toml address role
  [[ -e $file ]] && return 0
  address=$(hostname -I 2>/dev/null | cut -d' ' -f1) || true
  for role in "$@"; do
    [[ -e systemd/configuration/$role.toml ]] || continue
    sed "s/@ADDRESS@/${address:-127.0.0.1}/" "systemd/configuration/$role.toml"
    echo
  done >"$file"
  chmod 644 "$file"
  say "wrote $file, to be read through"
}

take_effect() {
  systemd-sysusers /etc/sysusers.d/comptoir.conf
  systemd-tmpfiles --create /etc/tmpfiles.d/comptoir*.conf
  ((changed)) || return 0
  # Services may not write beside the program; without this each start would compile it anew.
  "$home/.venv/bin/python" -m compileall -q -j 0 "$home" -x '/(\.venv|tools)/' >/dev/null
  systemd_runs || return 0
  systemctl daemon-reload
  [[ ! -e /etc/sysctl.d/70-comptoir.conf ]] || sysctl -q -p /etc/sysctl.d/70-comptoir.conf || true
  if [[ -e /etc/udev/rules.d/70-comptoir.rules ]]; then
    udevadm control --reload
    udevadm trigger --action=change --subsystem-match=input --subsystem-match=gpio
  fi
  systemctl try-restart 'comptoir-*.service'
}

remove() {
  local unit
  # Else what the guard kept out would stay out until the next start.
  if [[ -e /etc/udev/rules.d/72-comptoir-usb.rules ]] && systemd_runs; then "$home/.venv/bin/comptoir" guard off; fi
  for unit in $(cd /etc/systemd/system && compgen -G 'comptoir*.*' || true); do
    if systemd_runs; then systemctl --quiet disable --now "$unit"; else systemctl --quiet disable "$unit"; fi 2>/dev/null || true
    rm -f "/etc/systemd/system/$unit"
  done
  rm -rf /etc/systemd/system/comptoir-*.service.d
  rm -f /etc/systemd/system/mosquitto.service.d/comptoir.conf /etc/tmpfiles.d/comptoir{,-broker}.conf \
    /etc/sysusers.d/comptoir.conf /etc/udev/rules.d/7[0-9]-comptoir*.rules /etc/sysctl.d/70-comptoir.conf \
    /etc/systemd/logind.conf.d/comptoir.conf /usr/local/bin/comptoir
  [[ $(readlink /etc/systemd/system/ctrl-alt-del.target) != /dev/null ]] || rm /etc/systemd/system/ctrl-alt-del.target
  rmdir --ignore-fail-on-non-empty /etc/systemd/system/mosquitto.service.d /etc/systemd/logind.conf.d 2>/dev/null || true
  if systemd_runs; then
    systemctl --quiet disable --now mosquitto.service 2>/dev/null || true
    systemctl daemon-reload
    udevadm control --reload
  fi
  [[ $PWD == "$home" ]] || rm -rf "$home"
  say "removed. Kept: /etc/comptoir, /var/lib/comptoir*, the accounts comptoir-*, Debian's packages"
}

((EUID == 0)) || fail "run this as root (sudo make install ROLE=...)"
command -v dpkg-query >/dev/null || fail "this is for Debian 12, Debian 13 and Raspberry Pi OS (64 bit)"
umask 022
if [[ ${1:-} == --remove ]]; then
  remove
  exit
fi
(($#)) || fail "say what this machine is: make install ROLE=station, kiosk, scanner, or several: ROLE='station kiosk'"
for role in "$@"; do
  [[ $role =~ ^(station|kiosk|scanner|camera)$ ]] || fail "no role $role: station, kiosk, scanner or camera"
done
roles=("$@")
if [[ " $* " =~ \ (kiosk|scanner)\  && " $* " != *" camera "* ]] && is_raspberry_pi && libcamera_is_offered; then
  roles+=(camera)
fi
copy_program
"$home/tools/setup.sh" "${roles[@]}"
put_system_files "${roles[@]}"
take_effect
put_configuration "${roles[@]}"
((changed)) || { say "nothing to do"; exit; }
if [[ " $* " == *" station "* ]]; then
  say "done; read /etc/comptoir/comptoir.toml through, then: comptoir station begin \"NAME OF THE SHOP\""
else
  say "done; docs/operations.md goes on with certificates and start"
fi
