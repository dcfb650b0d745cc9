"""Which column of a contact file is which, by the headers that agents' programs export."""

from __future__ import annotations

from accounts.folding import fold

# Columns that hold a name in one piece, by the order of its words; CLIENT may hold either order
# or a company.
LAST_FIRST = "last_first"
FIRST_LAST = "first_last"
CLIENT = "client"
NAME_COLUMNS = ("first_name", "last_name", "company", LAST_FIRST, FIRST_LAST, CLIENT)

# Folded headers, parted by commas.
_HEADERS = {
    "first_name": "imie, imiona, imie klienta, imie ubezpieczajacego",
    "last_name": "nazwisko, nazwisko klienta, nazwisko ubezpieczajacego",
    "company": "firma, nazwa firmy, nazwa, nazwa przedsiebiorstwa",
    LAST_FIRST: "nazwisko i imie, nazwisko imie",
    FIRST_LAST: "imie i nazwisko, imie nazwisko, imie i nazwisko klienta",
    CLIENT: (
        "klient, ubezpieczajacy, ubezpieczony, klient ubezpieczajacy, nazwa klienta, dane klienta,"
        " wlasciciel, kontrahent, nazwisko i imie nazwa, imie nazwisko nazwa"
    ),
    "phone": (
        "telefon, tel, tel kom, telefon kom, telefon komorkowy, komorka, kom, nr tel, numer tel,"
        " nr telefonu, numer telefonu, nr tel kom, nr telefonu komorkowego, telefon kontaktowy,"
        " telefon klienta, telefon ubezpieczajacego, telefon 1, telefon 2, gsm, mobile"
    ),
    "email": "email, e mail, mail, adres email, adres e mail, poczta",
    "policy_number": (
        "nr polisy, numer polisy, polisa, polisa nr, seria i numer, seria i nr,"
        " seria i numer polisy, nr umowy, numer umowy"
    ),
    "policy_kind": (
        "rodzaj, rodzaj polisy, rodzaj ubezpieczenia, typ, typ polisy, ubezpieczenie, produkt,"
        " ryzyko"
    ),
    "insurer": (
        "tu, towarzystwo, towarzystwo ubezpieczen, towarzystwo ubezpieczeniowe, ubezpieczyciel,"
        " zaklad ubezpieczen, firma ubezpieczeniowa"
    ),
    "policy_ends_on": (
        "data konca, data konca polisy, data konca ochrony, koniec ochrony, koniec polisy,"
        " okres do, polisa do, wazna do, data do, data zakonczenia, koniec okresu, ubezpieczenie do"
    ),
    "premium": "skladka, kwota skladki, skladka roczna, skladka laczna, skladka zl",
    "registration_number": (
        "nr rej, numer rej, rejestracja, nr rejestracyjny, numer rejestracyjny, nr rej pojazdu,"
        " tablica, tablica rejestracyjna"
    ),
    "make_model": "marka i model, marka model, marka, model, pojazd, samochod, marka pojazdu",
    "inspection_due": (
        "data badan, data badania, badanie techniczne, badania techniczne, badanie techn, badanie,"
        " badania, bt, przeglad, data przegladu, termin badania, termin badan, nastepne badanie,"
        " termin badania technicznego, data badania technicznego, badanie techniczne do"
    ),
}
COLUMNS = tuple(_HEADERS)
_COLUMN_BY_HEADER = {
    header: column
    for column, headers in _HEADERS.items()
    for header in (fold(column), *headers.split(", "))
}


def recognise(header: str) -> str | None:
    """The column that a header names, however it is spelled; None if it is not known."""
    return _COLUMN_BY_HEADER.get(fold(header))
