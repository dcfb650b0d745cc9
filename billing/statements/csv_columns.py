"""What the columns of a bank's CSV can be, and what their headers let us take them for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.folding import fold


class Column(TextChoices):
    """What a column holds. A title and a payer may be spread over several."""

    BOOKED_ON = "booked_on", _("Booked on")
    AMOUNT = "amount", _("Amount with its sign")
    CREDIT = "credit", _("Amount received")
    DEBIT = "debit", _("Amount paid out")
    TITLE = "title", _("Title")
    PAYER_NAME = "payer_name", _("Payer")
    PAYER_ACCOUNT = "payer_account", _("Payer's account")
    BALANCE = "balance", _("Balance behind the line")
    OWN_ACCOUNT = "own_account", _("Our account")
    CURRENCY = "currency", _("Currency")
    KIND = "kind", _("Kind of operation")
    REFERENCE = "reference", _("The bank's reference")


# A column that is not read.
SKIP = ""
SEVERAL = (Column.TITLE, Column.PAYER_NAME)

# Folded headers, the surer ones first: of two columns that may be the day, the day of booking is.
_HEADERS = {
    Column.BOOKED_ON: (
        "data ksiegowania, data zaksiegowania, data rozliczenia, data operacji, data transakcji, data waluty, data,"
        " booking date, date"
    ),
    Column.AMOUNT: (
        "kwota transakcji w walucie rachunku, kwota w walucie rachunku, kwota transakcji waluta rachunku, kwota,"
        " kwota operacji, kwota transakcji, kwota pln, amount"
    ),
    Column.CREDIT: "uznania, uznanie, kwota uznania, wplywy, wplyw, ma, credit",
    Column.DEBIT: "obciazenia, obciazenie, kwota obciazenia, wydatki, wyplywy, wn, debit",
    Column.TITLE: (
        "tytul, tytul operacji, tytul przelewu, tytul platnosci, tytulem, opis, opis transakcji, opis operacji,"
        " szczegoly, szczegoly transakcji, title, description"
    ),
    Column.PAYER_NAME: (
        "nadawca odbiorca, odbiorca nadawca, odbiorca zleceniodawca, nadawca, kontrahent, dane kontrahenta,"
        " nazwa kontrahenta, nazwa nadawcy, dane nadawcy, zleceniodawca, counterparty, payer"
    ),
    Column.PAYER_ACCOUNT: (
        "rachunek kontrahenta, numer rachunku kontrahenta, nr rachunku kontrahenta, konto kontrahenta,"
        " rachunek nadawcy, konto nadawcy, numer konta nadawcy, rachunek nadawcy odbiorcy, rachunek przeciwstawny,"
        " numer konta, counterparty account"
    ),
    Column.BALANCE: (
        "saldo po operacji, saldo po transakcji, saldo koncowe, saldo, balance, running balance"
    ),
    Column.OWN_ACCOUNT: "numer rachunku, nr rachunku, rachunek, numer rachunku karty, konto, account",
    Column.CURRENCY: "waluta, waluta rachunku, waluta operacji, currency",
    Column.KIND: "typ operacji, rodzaj operacji, typ transakcji, rodzaj transakcji, typ, rodzaj, type",
    Column.REFERENCE: (
        "numer transakcji, nr transakcji, numer operacji, identyfikator transakcji, id transakcji, referencje,"
        " numer referencyjny, reference"
    ),
}
_PLACES = {
    header.strip(): (column, place)
    for column, headers in _HEADERS.items()
    for place, header in enumerate(headers.split(","))
}


def guess_columns(headers: Sequence[str]) -> list[str]:
    """The column that each header is taken for, SKIP where none fits or another fits better."""
    known = [_PLACES.get(fold(header)) for header in headers]
    best: dict[Column, int] = {}
    for column, place in filter(None, known):
        best[column] = min(place, best.get(column, place))
    taken: set[str] = set()
    guessed = []
    for found in known:
        guess = _taken_for(found, best, taken)
        taken.add(guess)
        guessed.append(guess)
    return guessed


def _taken_for(
    found: tuple[Column, int] | None, best: Mapping[Column, int], taken: Set[str]
) -> str:
    if found is None:
        return SKIP
    column, place = found
    is_only = best[column] == place and column.value not in taken
    return column.value if column in SEVERAL or is_only else SKIP


def layout_of(headers: Sequence[str]) -> str:
    """What makes two tables the same kind of table: their folded headers, in order."""
    return "|".join(map(fold, headers))
