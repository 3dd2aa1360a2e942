"""The ``comptoir`` command: reads the command line, and says what went wrong in one sentence."""

import argparse
import sys
from collections.abc import Sequence

from comptoir.commands import (
    backup,
    broker,
    certificates,
    configuration,
    decode,
    demo,
    demo_fleet,
    directory,
    duplicates,
    fill_demo,
    fleet,
    guard,
    ledger,
    owner,
    processes,
    public,
    scanner,
    signer,
    station,
)
from runtime.config import EX_CONFIG
from runtime.errors import ComptoirError, ConfigurationError
from runtime.release import installed

_COMMANDS = (
    processes,
    demo,
    demo_fleet,
    fill_demo,
    decode,
    scanner,
    guard,
    duplicates,
    certificates,
    broker,
    owner,
    ledger,
    backup,
    directory,
    fleet,
    configuration,
    public,
    signer,
    station,
)


def parser() -> argparse.ArgumentParser:
    """The command line with all sub-commands."""
    top = argparse.ArgumentParser(prog="comptoir", description="A loyalty counter for shops.")
    top.add_argument("--version", action="version", version=f"%(prog)s {installed()}")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for module in _COMMANDS:
        module.register(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when done, 1 when it failed, 2 for a wrong command line, 78 for bad configuration, 130 on Ctrl-C.
    """
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except ConfigurationError as error:
        print(f"comptoir: {error.message}", file=sys.stderr)
        return EX_CONFIG
    except ComptoirError as error:
        print(f"comptoir: {error.message} ({error.code})", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
