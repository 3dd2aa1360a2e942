"""``comptoir decode``: reads pictures of codes with the counter's own decoder."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    parser = commands.add_parser("decode", help="read the codes on pictures, one JSON line each")
    parser.add_argument("pictures", nargs="+", type=Path, metavar="IMAGE")
    parser.add_argument(
        "--all-formats", action="store_true", help="also the symbologies that are off by default at a counter"
    )
    parser.set_defaults(run=_decode)


def _decode(options: argparse.Namespace) -> int:
    from device.decoding.pictures import decode_files

    try:
        return decode_files(options.pictures, options.all_formats, sys.stdout)
    except OSError as error:
        sys.stdout = None
        if isinstance(error, BrokenPipeError):  # whoever reads has seen enough
            return 0
        print(f"comptoir: a line could not be written: {error.strerror or error}", file=sys.stderr)
        return 1
