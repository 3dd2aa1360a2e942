"""Tables as files to keep, CSV or XLSX, of any length."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response, StreamingResponse

from checkout.web.context import WebContext
from checkout.words import Words
from loyalty.ports.sheets import Cell

FORMATS: Final = ("xlsx", "csv")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """What stands in a file; ``name`` is the file's, without its ending."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    """Read while they are sent; off the event loop."""
    blank_rows: int = 0
    """See :class:`loyalty.ports.sheets.SheetWriter`."""


async def sheet_answer(context: WebContext, words: Words, kind: str, table: Table) -> Response:
    """The table as a download, as one of :data:`FORMATS`; French spreadsheets expect semicolons."""
    headers = {"content-disposition": f'attachment; filename="{table.name}.{kind}"'}
    if kind == "csv":
        separator = "," if words.language == "en" else ";"
        chunks = context.sheet_writer.csv(table.head, table.rows, separator)
        return StreamingResponse(chunks, media_type="text/csv; charset=utf-8", headers=headers)
    with tempfile.NamedTemporaryFile(prefix="comptoir-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    write = context.sheet_writer.xlsx
    try:
        await run_in_threadpool(write, path, table.name, table.head, table.rows, table.blank_rows)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return FileResponse(path, media_type=_XLSX, headers=headers, background=BackgroundTask(path.unlink, True))
