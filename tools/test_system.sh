#!/usr/bin/env bash
# The tests on a booted machine, or one line that says what this machine lacks for them. ALL=1: all of them;
# OPTIONAL=1: what is lacking is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."

lacks() {
  echo "test-system: skipped, for want of $*"
  [[ -n ${OPTIONAL:-} ]] && exit 0
  echo "test-system: OPTIONAL=1 counts that as no failure"
  exit 1
}

[[ $(uname -m) == x86_64 ]] || lacks "an x86-64 machine (this is $(uname -m))"
tools/setup.sh test machine || lacks "the packages above, which cannot be installed here"
COMPTOIR_BOOTED=1 COMPTOIR_BOOTED_ALL=${ALL:-} COMPTOIR_BOOTED_OPTIONAL=${OPTIONAL:-} \
  exec .venv/bin/python -m pytest tests/booted -p no:randomly -x -q -s -r fER "$@"
