"""Looks into an XLSX, which is a ZIP archive of XML, before anything of it is unpacked."""

import zipfile
from pathlib import Path

from loyalty.ports.sheets import SheetError, SheetFault, SheetLimits

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An Office file of before 2007, and one with a password."""
_MAX_PARTS = 2_000
_MIB = 1024 * 1024


def check_archive(path: Path, limits: SheetLimits) -> None:
    """Refuse what would not fit, runs programs or reaches out.

    The sizes that an archive tells of itself are the most that Python unpacks of it.

    Raises:
        SheetError: Not to be opened; why.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise SheetError(SheetFault.DAMAGED) from error
    names = [part.filename.lower() for part in parts]
    if "xl/workbook.xml" not in names:
        raise SheetError(SheetFault.NOT_A_SHEET)
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > limits.max_unpacked_bytes:
        raise SheetError(SheetFault.TOO_LARGE, max_mib=limits.max_unpacked_bytes // _MIB)
    if any(part.flag_bits & 1 for part in parts):
        raise SheetError(SheetFault.OLD_OR_PROTECTED)
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise SheetError(SheetFault.MACROS)
    if any(name.startswith("xl/externallinks/") for name in names):
        raise SheetError(SheetFault.EXTERNAL_LINKS)
