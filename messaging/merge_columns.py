"""Where in the book each merge field's value stands, and how a client reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import translation

from billing.money import format_decimal
from messaging.composing import ready_value
from messaging.models import Policy
from messaging.phones import format_phone


class Column(NamedTuple):
    """A column of a table of the book. `show` takes a value that is not empty and makes it ready to be sent."""

    name: str
    show: Callable[[Any], str] = ready_value
    # Read as text, 2026-12-15: Django's way from SQLite's text to a date and back takes longer than all the rest.
    is_day: bool = False

    @property
    def expression(self) -> F | Cast:
        """What a query selects."""
        return as_text(self.name) if self.is_day else F(self.name)


def as_text(name: str) -> Cast:
    """A column of days or times as the database writes them: for what is only looked at, not counted with."""
    return Cast(name, TextField())


@lru_cache(maxsize=4096)
def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d.%m.%Y}"


def _day_column(name: str) -> Column:
    return Column(name, _day, is_day=True)


def _amount(grosze: int) -> str:
    return ready_value(format_decimal(grosze))


def _phone(number: str) -> str:
    return ready_value(format_phone(number))


@lru_cache
def _kind_in_polish(kind: str) -> str:
    """Clients read Polish, whatever language the agent or the worker uses."""
    with translation.override("pl"):
        return ready_value(str(Policy.Kind(kind).label))


CONTACT_COLUMNS = {
    "imie": Column("first_name"),
    "nazwisko": Column("last_name"),
    "nazwa_firmy": Column("company"),
    "telefon": Column("phone", _phone),
    "data_urodzenia": _day_column("birthday"),
}
VEHICLE_COLUMNS = {
    "nr_rej": Column("registration_number"),
    "marka_model": Column("make_model"),
    "data_badania": _day_column("inspection_due"),
}
INSTALMENT_COLUMNS = {
    "nr_raty": Column("number", str),
    "kwota_raty": Column("amount", _amount),
    "termin_raty": _day_column("due_on"),
}


def policy_columns(today: date) -> dict[str, Column]:
    """Of policies; days are counted from `today` (Warsaw)."""
    return {
        "nr_polisy": Column("number"),
        "rodzaj": Column("kind", _kind_in_polish),
        "towarzystwo": Column("insurer"),
        "data_poczatku": _day_column("starts_on"),
        "data_konca": _day_column("ends_on"),
        "dni_do_konca": Column(
            "ends_on", lambda day: str((date.fromisoformat(day) - today).days), is_day=True
        ),
        "skladka": Column("premium", _amount),
    }
