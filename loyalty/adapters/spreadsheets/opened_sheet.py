"""What a sheet of either kind is once its file is open: a header, the rows after it, and a file to close."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from loyalty.ports.sheets import SheetError, SheetFault, SheetRow


class OpenedSheet(ABC):
    """See ``loyalty.ports.sheets.Sheet``. A context manager."""

    header: tuple[str, ...]
    name = ""
    left_out: tuple[str, ...] = ()
    _rows: Iterator[SheetRow]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def rows(self) -> Iterator[SheetRow]:
        return self._rows

    def _begin(self, rows: Iterator[SheetRow]) -> None:
        """Take the first row for the header; the file is closed where there is none.

        Raises:
            SheetError: There is no header, or it is refused.
        """
        self._rows = rows
        try:
            first = next(rows, None)
        except SheetError:
            self._close()
            raise
        if first is None:
            self._close()
            raise SheetError(SheetFault.EMPTY)
        self.header = first.cells

    @abstractmethod
    def _close(self) -> None: ...
