"""Which column of a contact file is which, by the headers that agents' programs export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.folding import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Columns that hold a name in one piece, by the order of its words; CLIENT may hold either order
# or a company.
LAST_FIRST = "last_first"
FIRST_LAST = "first_last"
CLIENT = "client"
NAME_COLUMNS = ("first_name", "last_name", "company", LAST_FIRST, FIRST_LAST, CLIENT)
# A column that is not read.
SKIP = ""

# What the columns are called: in the wizard, and as headers of our own exports, which the import reads again.
LABELS: dict[str, StrOrPromise] = {
    LAST_FIRST: _("Last and first name"),
    FIRST_LAST: _("First and last name"),
    CLIENT: _("Client"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "company": _("Company"),
    "phone": _("Phone"),
    "other_phones": _("Other phones"),
    "email": _("E-mail"),
    "birthday": _("Birthday"),
    "groups": _("Groups"),
    "notes": _("Notes"),
    "marketing_consent": _("Consent to marketing"),
    "opted_out": _("Opted out of SMS"),
    "policy_number": _("Policy number"),
    "policy_kind": _("Kind of policy"),
    "insurer": _("Insurer"),
    "policy_starts_on": _("Policy starts on"),
    "policy_ends_on": _("Policy ends on"),
    "premium": _("Premium"),
    "registration_number": _("Registration number"),
    "make_model": _("Make and model"),
    "inspection_due": _("Inspection due"),
    "instalment_number": _("Instalment number"),
    "instalment_amount": _("Instalment amount"),
    "instalment_due": _("Instalment due"),
    "instalment_paid": _("Instalment paid"),
}
COLUMNS = tuple(LABELS)

# Folded headers, parted by commas.
_HEADERS = {
    "first_name": "imie, imiona, imie klienta, imie ubezpieczajacego, first name",
    "last_name": "nazwisko, nazwisko klienta, nazwisko ubezpieczajacego, last name",
    "company": "firma, nazwa firmy, nazwa, nazwa przedsiebiorstwa, company",
    LAST_FIRST: "nazwisko i imie, nazwisko imie, last and first name",
    FIRST_LAST: "imie i nazwisko, imie nazwisko, imie i nazwisko klienta, first and last name",
    CLIENT: (
        "klient, ubezpieczajacy, ubezpieczony, klient ubezpieczajacy, nazwa klienta, dane klienta,"
        " wlasciciel, kontrahent, nazwisko i imie nazwa, imie nazwisko nazwa, client"
    ),
    "phone": (
        "telefon, tel, tel kom, telefon kom, telefon komorkowy, komorka, kom, nr tel, numer tel,"
        " nr telefonu, numer telefonu, nr tel kom, nr telefonu komorkowego, telefon kontaktowy,"
        " telefon klienta, telefon ubezpieczajacego, telefon 1, telefon 2, telefon 3, tel 1, tel 2,"
        " tel 3, gsm, mobile, phone, telefony"
    ),
    "other_phones": (
        "inne telefony, pozostale telefony, inny telefon, dodatkowy telefon, telefon dodatkowy,"
        " telefon stacjonarny, tel stacjonarny, stacjonarny, tel dom, telefon domowy, other phones"
    ),
    "email": "email, e mail, mail, adres email, adres e mail, poczta",
    "birthday": "data ur, data urodzenia, dataurodzenia, urodziny, urodzony, ur, birthday",
    "groups": "grupa, grupy, grupa klienta, kategoria, kategoria klienta, groups, group",
    "notes": "uwagi, notatki, notatka, komentarz, opis, adnotacje, notes",
    "marketing_consent": (
        "zgoda marketingowa, zgoda na marketing, zgoda marketing, zgoda sms, zgoda na sms,"
        " zgoda marketingowa sms, zgoda na marketing sms, zgoda handlowa, informacje handlowe,"
        " zgoda na informacje handlowe, zgoda pke, data zgody, data zgody marketingowej,"
        " marketing, consent to marketing, marketing consent"
    ),
    "opted_out": (
        "rezygnacja z sms, rezygnacja, rezygnacja sms, sprzeciw, sprzeciw sms, sprzeciw marketing,"
        " nie wysylac, nie wysylac sms, stop, stop sms, blokada sms, wypisany, wypisani, zrezygnowal,"
        " data rezygnacji, opt out, optout, opted out, opted out of sms, unsubscribed"
    ),
    "policy_number": (
        "nr polisy, numer polisy, polisa, polisa nr, seria i numer, seria i nr,"
        " seria i numer polisy, nr umowy, numer umowy, policy number"
    ),
    "policy_kind": (
        "rodzaj, rodzaj polisy, rodzaj ubezpieczenia, typ, typ polisy, ubezpieczenie, produkt,"
        " ryzyko, kind of policy, policy kind"
    ),
    "insurer": (
        "tu, towarzystwo, towarzystwo ubezpieczen, towarzystwo ubezpieczeniowe, ubezpieczyciel,"
        " zaklad ubezpieczen, firma ubezpieczeniowa, insurer"
    ),
    "policy_starts_on": (
        "data poczatku, data poczatku polisy, poczatek ochrony, poczatek polisy, okres od,"
        " polisa od, wazna od, data od, data rozpoczecia, poczatek okresu, ubezpieczenie od,"
        " policy starts on"
    ),
    "policy_ends_on": (
        "data konca, data konca polisy, data konca ochrony, koniec ochrony, koniec polisy,"
        " okres do, polisa do, wazna do, data do, data zakonczenia, koniec okresu, ubezpieczenie do,"
        " policy ends on"
    ),
    "premium": (
        "skladka, kwota skladki, skladka roczna, skladka laczna, skladka zl, przypis, premium"
    ),
    "registration_number": (
        "nr rej, numer rej, rejestracja, nr rejestracyjny, numer rejestracyjny, nr rej pojazdu,"
        " tablica, tablica rejestracyjna, registration number"
    ),
    "make_model": (
        "marka i model, marka model, marka, model, pojazd, samochod, marka pojazdu, make and model"
    ),
    "inspection_due": (
        "data badan, data badania, badanie techniczne, badania techniczne, badanie techn, badanie,"
        " badania, bt, przeglad, data przegladu, termin badania, termin badan, nastepne badanie,"
        " termin badania technicznego, data badania technicznego, badanie techniczne do,"
        " badanie wazne do, badanie do,"
        " inspection due"
    ),
    "instalment_number": "nr raty, numer raty, rata nr, kolejna rata, instalment number",
    "instalment_amount": "rata, kwota raty, wysokosc raty, rata zl, instalment amount",
    "instalment_due": (
        "termin raty, termin platnosci, termin platnosci raty, data raty, platna do, rata do,"
        " data platnosci, instalment due"
    ),
    "instalment_paid": (
        "rata oplacona, rata zaplacona, oplacona, zaplacona, oplacono, zaplacono, wplacono,"
        " instalment paid"
    ),
}
_COLUMN_BY_HEADER = {
    header: column
    for column, headers in _HEADERS.items()
    for header in (fold(column), *headers.split(", "))
}


def recognise(header: str) -> str:
    """The column that a header names, however it is spelled; SKIP if it is not known."""
    return _COLUMN_BY_HEADER.get(fold(header), SKIP)


def recognise_all(headers: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """The column of each header. `remembered` are columns chosen by hand before, by folded header."""
    return [
        column if (column := remembered.get(fold(header), recognise(header))) in LABELS else SKIP
        for header in headers
    ]


def num_recognised(headers: Sequence[str]) -> int:
    """How many of the cells name a column: what tells a line of headers from a title or from data."""
    return sum(1 for header in headers if recognise(header))
