from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Agency
from billing import ledger
from billing.models import StatementFile
from billing.statement_folder import import_folder
from billing.tasks import import_statement_folder
from billing.tests.books import check_books, rows_in_the_books
from billing.tests.statement_files import statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return settled(tmp_path / "good.sta", statement().encode())


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return settled(tmp_path / "bad.pdf", b"%PDF-1.7")


def settled(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    os.utime(path, (0, 0))
    return path


def run(*args: Any) -> str:
    output = StringIO()
    call_command("importstatement", *map(str, args), stdout=output)
    return output.getvalue()


def test_files_are_imported_and_told(agency: Agency, good: Path) -> None:
    assert "good.sta: imported; credited 1, waiting 0" in run(good)
    assert ledger.balance_of(agency) == 5800
    check_books()


def test_a_known_file_is_no_error(agency: Agency, good: Path) -> None:
    run(good)
    assert "good.sta: known" in run(good)
    assert ledger.balance_of(agency) == 5800


def test_a_trial_tells_the_same_and_writes_nothing(agency: Agency, good: Path) -> None:
    assert "good.sta: tried; credited 1" in run(good, "--dry-run")
    assert rows_in_the_books() == ledger.balance_of(agency) == 0


def test_a_refused_file_fails_and_the_others_are_imported(
    agency: Agency, good: Path, bad: Path
) -> None:
    output = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command(
            "importstatement", str(bad), "/nowhere/at/all", str(good), "--json", stdout=output
        )
    assert failed.value.returncode == 1
    refused, missing, imported = json.loads(output.getvalue())
    assert (refused["result"], missing["result"], imported["result"]) == (
        "refused",
        "refused",
        "imported",
    )
    assert "PDF" in refused["reason"]
    assert imported["credited"] == 1
    assert ledger.balance_of(agency) == 5800


def test_the_folder_is_emptied_into_done_and_refused(
    agency: Agency, tmp_path: Path, good: Path, bad: Path
) -> None:
    assert import_folder(tmp_path) == 2
    (done,) = (tmp_path / "done").iterdir()
    refused, reason = sorted((tmp_path / "refused").iterdir())
    assert done.name.endswith("-good.sta")
    assert (refused.name + ".txt", reason.name[-11:]) == (reason.name, "bad.pdf.txt")
    assert "PDF" in reason.read_text()
    assert ledger.balance_of(agency) == 5800
    assert import_folder(tmp_path) == 0


def test_a_file_that_a_crash_left_behind_is_moved_on(
    agency: Agency, tmp_path: Path, good: Path
) -> None:
    run(good)
    assert import_folder(tmp_path) == 1
    assert len(list((tmp_path / "done").iterdir())) == 1
    assert StatementFile.objects.count() == 1
    assert ledger.balance_of(agency) == 5800


def test_what_may_still_grow_hidden_files_and_links_stay(tmp_path: Path, good: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "fresh.sta").write_text(statement())
    settled(folder / "half.sta.part", b":20:")
    settled(folder / ".hidden.sta", statement().encode())
    (folder / "link.sta").symlink_to(good)
    assert import_folder(folder) == 0
    assert rows_in_the_books() == 0
    assert len(list(folder.iterdir())) == 4


def test_without_the_setting_there_is_no_folder(settings: Any, tmp_path: Path, good: Path) -> None:
    settings.STATEMENT_FOLDER = ""
    assert import_statement_folder() == 0
    settings.STATEMENT_FOLDER = str(tmp_path)
    assert import_statement_folder() == 1
