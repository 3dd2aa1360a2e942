"""The doors through which a person, or the story, acts on the running demo.

The simulation socket stands for hands at the counter: typing into the scanner, a picture before the
camera, a finger on the kiosk's window, eyes on it.
"""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comptoir.demo.supervisor import DemoError

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True)
class Screen:
    """What stands on the kiosk at one moment."""

    step: str
    texts: tuple[dict[str, Any], ...]
    image_base64: str
    width: int
    height: int

    def shows(self, part: str) -> bool:
        """Whether a text holds the part; French non-breaking spaces count as spaces."""
        return any(part in str(text["text"]).translate(_SPACES) for text in self.texts)


class Counter:
    """Hands and eyes at the counter, through the device's simulation socket. One call, one connection."""

    def __init__(self, path: Path, timeout_s: float = 15.0) -> None:
        self._path = path
        self._timeout_s = timeout_s

    def ask(self, **request: object) -> dict[str, Any]:
        """One request and its answer.

        Raises:
            DemoError: The socket does not answer, or says no.
        """
        try:
            with socket.socket(socket.AF_UNIX) as peer:
                peer.settimeout(self._timeout_s)
                peer.connect(str(self._path))
                peer.sendall(json.dumps(request).encode() + b"\n")
                with peer.makefile("rb") as lines:
                    answer = json.loads(lines.readline() or b"{}")
        except (OSError, ValueError) as error:
            raise DemoError(f"the device's simulation does not answer: {error}") from error
        if not answer.get("ok"):
            raise DemoError(f"the device's simulation refused {request.get('do')}: {answer.get('error')}")
        return dict(answer)

    def screen(self) -> Screen:
        """Look at the kiosk."""
        answer = self.ask(do="mirror")
        return Screen(
            str(answer.get("step", "")),
            tuple(answer.get("texts", ())),
            answer["image_base64"],
            answer["width"],
            answer["height"],
        )

    def wait_for(self, seen: Callable[[Screen], bool], what: str, timeout_s: float = 20.0) -> Screen:
        """Look until it is seen.

        Raises:
            DemoError: It was not seen in time; says what stood there instead.
        """
        deadline = time.monotonic() + timeout_s
        while not seen(screen := self.screen()):
            if time.monotonic() > deadline:
                there = [text["text"] for text in screen.texts]
                raise DemoError(f"the kiosk never showed {what}; it shows {screen.step}: {there}")
            time.sleep(0.1)
        return screen

    def touch(self, *labels: str) -> None:
        """Touch what bears the label, where it stands on the screen; the first of several that is there.

        Raises:
            DemoError: Nothing touchable bears any of them.
        """

        def found(screen: Screen) -> dict[str, Any] | None:
            targets = (self._target(screen, label) for label in labels)
            return next((target for target in targets if target is not None), None)

        what = f"« {' » or « '.join(labels)} » to touch"
        target = found(self.wait_for(lambda screen: found(screen) is not None, what))
        if target is None:
            raise DemoError(f"{what} went away")
        self.ask(do="touch", x=target["x"] + target["width"] / 2, y=target["y"] + target["height"] / 2)

    @staticmethod
    def _target(screen: Screen, label: str) -> dict[str, Any] | None:
        """What bears the whole label, else what begins with it."""
        there = [text for text in screen.texts if text.get("touchable")]
        exact = (text for text in there if text["text"] == label)
        begins = (text for text in there if str(text["text"]).startswith(label))
        return next(exact, None) or next(begins, None)
