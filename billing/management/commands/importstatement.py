"""Import bank statements from files, for schedulers and scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from billing.statement_import import AlreadyImported, ImportRefused, import_statement
from billing.statements.rows import StatementError


class Command(BaseCommand):
    help = (
        "Imports bank statements (CSV, MT940, CAMT.053, ZIP). Exit code 0: all are in the books, also those known "
        "before; 1: at least one was refused, and the others are in the books."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="tell, and write nothing")
        parser.add_argument("--json", action="store_true", help="tell as one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        results = [_import(file, options["dry_run"]) for file in options["files"]]
        if options["json"]:
            self.stdout.write(json.dumps(results, ensure_ascii=False))
        else:
            for result in results:
                self.stdout.write(_in_words(result))
        num_refused = sum(result["result"] == "refused" for result in results)
        if num_refused:
            raise CommandError(f"{num_refused} of {len(results)} files refused.", returncode=1)


def _import(file: Path, is_trial: bool) -> dict[str, Any]:
    """Import one file in a transaction of its own, undone again when it is a trial."""
    told: dict[str, Any] = {"file": str(file)}
    try:
        data = file.read_bytes()
        with transaction.atomic():
            report = import_statement(data, file.name)
            transaction.set_rollback(is_trial)
    except AlreadyImported as error:
        return {**told, "result": "known", "reason": str(error)}
    except (ImportRefused, OSError) as error:
        return {**told, "result": "refused", "reason": str(error)}
    except StatementError as error:
        return {**told, "result": "refused", "reason": str(error.message)}
    return {
        **told,
        "result": "tried" if is_trial else "imported",
        "credited": report.num_credited,
        "waiting": report.num_waiting,
        "other": report.num_other,
        "repeated": report.num_repeated,
        "unreadable": report.num_unreadable,
        "gaps": [
            {"after": str(gap.last_day_before), "before": str(gap.first_day_after)}
            for gap in report.gaps
        ],
    }


def _in_words(result: dict[str, Any]) -> str:
    head = f"{result['file']}: {result['result']}"
    if "reason" in result:
        return f"{head}. {result['reason']}"
    names = ("credited", "waiting", "other", "repeated", "unreadable")
    counts = ", ".join(f"{name} {result[name]}" for name in names)
    gaps = [f"; statements missing {gap['after']} to {gap['before']}" for gap in result["gaps"]]
    return f"{head}; {counts}{''.join(gaps)}"
