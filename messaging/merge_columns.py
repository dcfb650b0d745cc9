"""Where in the book each merge field's value stands, and how a client reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import translation

from billing.money import NBSP, format_decimal
from messaging.models import Policy
from messaging.phones import format_phone


class Column(NamedTuple):
    """A column of a table of the book; `show` takes a value that is not empty."""

    name: str
    show: Callable[[Any], str] = str


@lru_cache(maxsize=4096)
def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _amount(grosze: int) -> str:
    return format_decimal(grosze).replace(NBSP, " ")


@lru_cache
def _kind_in_polish(kind: str) -> str:
    """Clients read Polish, whatever language the agent or the worker uses."""
    with translation.override("pl"):
        return str(Policy.Kind(kind).label)


CONTACT_COLUMNS = {
    "imie": Column("first_name"),
    "nazwisko": Column("last_name"),
    "nazwa_firmy": Column("company"),
    "telefon": Column("phone", format_phone),
    "data_urodzenia": Column("birthday", _day),
}
VEHICLE_COLUMNS = {
    "nr_rej": Column("registration_number"),
    "marka_model": Column("make_model"),
    "data_badania": Column("inspection_due", _day),
}
INSTALMENT_COLUMNS = {
    "nr_raty": Column("number"),
    "kwota_raty": Column("amount", _amount),
    "termin_raty": Column("due_on", _day),
}


def policy_columns(today: date) -> dict[str, Column]:
    """Of policies; days are counted from `today` (Warsaw)."""
    return {
        "nr_polisy": Column("number"),
        "rodzaj": Column("kind", _kind_in_polish),
        "towarzystwo": Column("insurer"),
        "data_poczatku": Column("starts_on", _day),
        "data_konca": Column("ends_on", _day),
        "dni_do_konca": Column("ends_on", lambda day: str((day - today).days)),
        "skladka": Column("premium", _amount),
    }
