"""The reading process: ``python -m checkout.imports.child read|check FOLDER``; its own bootstrap.

``read`` takes ``upload`` apart into ``rows.jsonl``; ``check`` reads these as the order on its standard input
says, into ``prepared.jsonl``. The outcome is in ``summary.json``. It has little memory and little priority,
and is the first to go where the machine runs out of either.
"""

import contextlib
import errno
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from checkout.errors import ImportFileError
from checkout.imports.folder import UPLOAD_FILE
from checkout.imports.prepared import PREPARED_FILE, ROWS_FILE, SUMMARY_FILE
from checkout.imports.reading import CHECK_ORDER, SHEET_SUMMARY, fault_of, prepare, take_apart, write_answer
from loyalty.adapters.spreadsheets.open_sheet import open_sheet
from loyalty.ports.sheets import SheetError, SheetFault

MEMORY_BYTES = 768 * 1024 * 1024
_MIB = 1024 * 1024
_FILE_BYTES = 2 * 1024 * _MIB
_FIRST_TO_GO = "800"


def main(arguments: list[str]) -> int:
    """Do one piece of work. Zero: the summary tells."""
    kind, folder = arguments[0], Path(arguments[1])
    _be_modest()
    try:
        answer = _read(folder) if kind == "read" else _check(folder)
    except SheetError as error:
        answer = fault_of(error)
    except MemoryError:
        answer = {"fault": SheetFault.TOO_LARGE.value, "max_mib": MEMORY_BYTES // _MIB}
    except ImportFileError:
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return os.EX_CANTCREAT
    write_answer(folder / SUMMARY_FILE, answer)
    return 0


def _read(folder: Path) -> dict[str, Any]:
    with open_sheet(folder / UPLOAD_FILE) as sheet:
        summary = take_apart(sheet, folder / ROWS_FILE)
    answer: dict[str, Any] = SHEET_SUMMARY.dump_python(summary, mode="json")
    return answer


def _check(folder: Path) -> dict[str, Any]:
    order = CHECK_ORDER.validate_json(sys.stdin.buffer.read())
    part = folder / f"{PREPARED_FILE}.part"
    repeated = prepare(folder / ROWS_FILE, part, order)
    part.replace(folder / PREPARED_FILE)
    return {"repeated": sorted(repeated)}


def _be_modest() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the parent decides
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
