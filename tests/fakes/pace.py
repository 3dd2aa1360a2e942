"""A pace that holds nothing back."""

from collections.abc import Callable


class AtOnce:
    """Lets every answer out as soon as it is ready; notes when its question came."""

    def __init__(self) -> None:
        self.held: list[float] = []

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to end."""

    def hold(self, asked_s: float, answer: Callable[[], object]) -> None:
        self.held.append(asked_s)
        answer()
