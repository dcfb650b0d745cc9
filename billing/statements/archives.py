"""ZIP archives in which banks hand out several statements at once. Untrusted: sizes are bounded while unpacking."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from billing.statements.rows import Refusal, StatementError

MAX_MEMBERS = 100
MAX_UNPACKED_BYTES = 100 * 1024 * 1024


def is_archive(data: bytes) -> bool:
    """Tell whether the file begins as ZIP archives do, the empty one included."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def unpack(data: bytes) -> list[bytes]:
    """Return the files of an archive in order of their names.

    Raises StatementError for spreadsheets, encrypted or damaged archives and such as unpack to too much. What a
    header says of a size is not believed.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _members(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        OSError,
    ) as error:
        raise StatementError(Refusal.ARCHIVE) from error


def _members(archive: zipfile.ZipFile) -> list[bytes]:
    files = sorted((each for each in archive.infolist() if not each.is_dir()), key=_name)
    if len(files) > MAX_MEMBERS:
        raise StatementError(Refusal.ARCHIVE_TOO_LARGE)
    # A spreadsheet (XLSX, ODS) is a ZIP archive of its own kind.
    if not files or {"[Content_Types].xml", "mimetype"} & set(map(_name, files)):
        raise StatementError(Refusal.ARCHIVE)
    left, contents = MAX_UNPACKED_BYTES, []
    for each in files:
        with archive.open(each) as member:
            content = member.read(left + 1)
        left -= len(content)
        if left < 0:
            raise StatementError(Refusal.ARCHIVE_TOO_LARGE)
        contents.append(content)
    return contents


def _name(member: zipfile.ZipInfo) -> str:
    return member.filename
