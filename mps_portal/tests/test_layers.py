"""The import rule: mps_portal -> messaging -> billing -> accounts, and the sandbox apart from all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

MAY_IMPORT = {
    "accounts": {"accounts"},
    "billing": {"accounts", "billing"},
    "messaging": {"accounts", "billing", "messaging"},
    "mps_portal": {"accounts", "billing", "messaging", "mps_portal"},
    "sandbox": {"sandbox"},
}
# What messaging may know of money.
LEDGER_AND_PRICES = {"billing.ledger", "billing.prices", "billing.money"}


def modules(app: str) -> list[Path]:
    return sorted((settings.BASE_DIR / app).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Dotted names of all that a file imports, also inside its functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_tests(path: Path) -> bool:
    return "tests" in path.parts


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_no_app_imports_a_higher_one(app: str) -> None:
    assert modules(app)
    forbidden = set(MAY_IMPORT) - MAY_IMPORT[app]
    found = [
        (str(path), name)
        for path in modules(app)
        for name in imported(path)
        if name.split(".")[0] in forbidden
        and not (in_tests(path) and name.startswith("sandbox.testing."))
    ]
    assert found == []


def test_messaging_knows_of_money_the_ledger_and_the_prices_only() -> None:
    found = {
        ".".join(name.split(".")[:2])
        for path in modules("messaging")
        if not in_tests(path)
        for name in imported(path)
        if name.startswith("billing")
    }
    assert found <= LEDGER_AND_PRICES
    assert "billing.ledger" in found


def test_programs_do_not_import_their_tests() -> None:
    found = [
        (str(path), name)
        for app in MAY_IMPORT
        for path in modules(app)
        if not in_tests(path)
        for name in imported(path)
        if ".tests" in name
    ]
    assert found == []
