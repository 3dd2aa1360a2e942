"""``comptoir demo``: the whole counter on this machine."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    demo = commands.add_parser("demo", help="run the whole counter here, on its own data")
    demo.add_argument("--once", action="store_true", help="play the story by itself; ends with one JSON line")
    demo.add_argument("--port", type=int, default=0, help="of the page; default: a free one")
    demo.add_argument("--size", default="800x480", help="of the kiosk's window, as in 1280x800")
    demo.add_argument("--data", type=Path, metavar="DIR", help="keep the demo's data here; default: nowhere")
    demo.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from comptoir.demo.counter import run_demo
    from comptoir.demo.story import play_story

    act = play_story if options.once else None
    return run_demo(data=options.data, port=options.port, size=options.size, act=act)
