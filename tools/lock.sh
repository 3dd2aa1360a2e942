#!/usr/bin/env bash
# Pins what pyproject.toml allows, with hashes, for x86-64 and aarch64 and every supported Python, without addresses.
# Pins that still fit stay; UPGRADE=1 takes the newest.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} "$@"
}
compile pyproject.toml --extra dev -o requirements/dev.txt >/dev/null
# What ships is pinned exactly as it was tested.
compile pyproject.toml -c requirements/dev.txt -o requirements/run.txt >/dev/null
# A lane with a Pi camera; python-prctl tells its version only where libcap-dev is.
compile pyproject.toml --extra camera -c requirements/dev.txt -o requirements/camera.txt >/dev/null
