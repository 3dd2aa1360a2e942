"""``comptoir demo-fleet``: releases and updates on this machine."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    demo = commands.add_parser(
        "demo-fleet", help="two devices here that update themselves, one release broken"
    )
    demo.add_argument("--once", action="store_true", help="end after the story, with one JSON line")
    demo.add_argument("--port", type=int, default=0, help="of the page; default: a free one")
    demo.add_argument("--data", type=Path, metavar="DIR", help="an empty folder to keep; default: nowhere")
    demo.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from comptoir.demo.fleet_counter import run_fleet_demo
    from comptoir.demo.fleet_story import keep_open, play_fleet

    act = play_fleet if options.once else keep_open
    return run_fleet_demo(data=options.data, port=options.port, act=act)
