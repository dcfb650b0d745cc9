"""The watched folder: statements that a bank's program or a script puts there are imported by themselves.

Imported files go to done/, refused ones to refused/ with the reason in a text file beside them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from billing.forms import MAX_STATEMENT_BYTES
from billing.statement_import import AlreadyImported, ImportRefused, import_statement
from billing.statements.rows import Refusal, StatementError

# Seconds. A file that changed just now may still be growing; half a statement would be refused.
SETTLED_AFTER = 10
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


def import_folder(folder: Path) -> int:
    """Import what lies in the folder; return the number of files moved away.

    A crash leaves the file where it is, and the next run moves it on: its lines are known then. Two runs at once
    import it once.
    """
    files = list(_settled_files(folder))
    for file in files:
        reason = _import(file)
        if reason is None:
            _move(file, folder / "done")
        else:
            _refuse(file, folder / "refused", reason)
    return len(files)


def _settled_files(folder: Path) -> Iterator[Path]:
    """Regular files only: a link could lead out of the folder."""
    for file in sorted(folder.iterdir()):
        if file.is_symlink() or not file.is_file() or file.name.startswith("."):
            continue
        is_settled = time.time() - file.stat().st_mtime >= SETTLED_AFTER
        if is_settled and file.suffix.lower() not in _UNFINISHED:
            yield file


def _import(file: Path) -> str | None:
    """Return why the file is refused, None when its lines are in the books."""
    try:
        if file.stat().st_size > MAX_STATEMENT_BYTES:
            return str(Refusal.TOO_LARGE.label)
        import_statement(file.read_bytes(), file.name)
    except (AlreadyImported, FileNotFoundError):
        # Imported before, or moved by another worker a moment ago.
        return None
    except ImportRefused as error:
        return str(error)
    except StatementError as error:
        return str(error.message)
    return None


def _refuse(file: Path, folder: Path, reason: str) -> None:
    folder.mkdir(exist_ok=True)
    target = _move(file, folder)
    target.with_name(f"{target.name}.txt").write_text(f"{reason}\n", encoding="utf-8")


def _move(file: Path, folder: Path) -> Path:
    """Move by one rename; the moment in front keeps files of the same name apart."""
    folder.mkdir(exist_ok=True)
    moment = timezone.localtime().strftime("%Y%m%d-%H%M%S-%f")
    target = folder / f"{moment}-{file.name}"
    try:
        file.rename(target)
    except FileNotFoundError:
        # Another worker was faster.
        return target
    return target
