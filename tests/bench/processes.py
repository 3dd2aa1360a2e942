"""Processes under measurement: the product's own commands, or a module of the benches."""

import os
import subprocess
import sys
from pathlib import Path


def start(folder: Path, name: str, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """Run ``python -m module arguments…``; what it says goes to ``folder/name.log``."""
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=dict(os.environ),
        )


def end(process: "subprocess.Popen[bytes]") -> None:
    """As systemd does."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
