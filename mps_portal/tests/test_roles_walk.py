"""Every address with every role: the table of who gets what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from mps_portal.tests.everybody import Walk, visit

Outcome = dict[str, int]


def outcome(
    *, visitor: int, agents: int, accountant: int, support: int, billing: int, stranger: int
) -> Outcome:
    """The status that each role gets; `agents` are owner and employee, `billing` also administrators."""
    return {
        "visitor": visitor,
        "owner": agents,
        "employee": agents,
        "accountant": accountant,
        "support": support,
        "billing": billing,
        "admin": billing,
        "stranger": stranger,
    }


def everybody(status: int, visitor: int | None = None) -> Outcome:
    return outcome(
        visitor=visitor or status,
        agents=status,
        accountant=status,
        support=status,
        billing=status,
        stranger=status,
    )


def agents(status: int, stranger: int | None = None) -> Outcome:
    return everybody(403, visitor=302) | {
        "owner": status,
        "employee": status,
        "stranger": stranger or status,
    }


def book_keepers(status: int, stranger: int | None = None) -> Outcome:
    return owners(status, stranger) | {"accountant": status}


def book_keeping(status: int) -> dict[str, int]:
    return {"owner": status, "accountant": status, "stranger": status}


def agency_people(status: int) -> Outcome:
    return agents(status) | {"accountant": status}


def owners(status: int, stranger: int | None = None) -> Outcome:
    return agents(status, stranger) | {"employee": 403}


def operators(status: int) -> Outcome:
    return billing(status) | {"support": status}


def billing(status: int) -> Outcome:
    return everybody(403, visitor=302) | {"billing": status, "admin": status}


def helpers(status: int) -> Outcome:
    return admins(status) | {"support": status}


def admins(status: int) -> Outcome:
    return everybody(403, visitor=302) | {"admin": status}


def team(status: int) -> Outcome:
    """Pages about one of the agency's people: others who manage people do not find them."""
    return owners(status, stranger=404) | {"admin": 404}


NOT_THIS_METHOD = everybody(405)
NOT_THIS_METHOD_LOGGED_IN = everybody(405, visitor=302)
# Of the people in this walk, the operator's have a second factor.
BY_PASSWORD = operators(302) | {"owner": 200, "employee": 200, "accountant": 200, "stranger": 200}
BY_SECOND_FACTOR = everybody(302) | {"support": 200, "billing": 200, "admin": 200}
NEW_FACTOR = everybody(200, visitor=302) | {"support": 302, "billing": 302, "admin": 302}
OWN_FACTOR = everybody(404, visitor=302) | {"support": 200, "billing": 200, "admin": 200}
OWN_FACTOR_BUT_NOT_POST = OWN_FACTOR | {"support": 405, "billing": 405, "admin": 405}
OWN_FACTOR_OR_ERROR = everybody(200, visitor=302) | {"support": 302, "billing": 302, "admin": 302}
LOGGED_IN_GO_ON = everybody(302, visitor=200)
# What only somebody with a one-time password finds.
NOBODY_NOW = everybody(404, visitor=302)

# Inline scripts, style elements and attributes, handlers, addresses of code, and other hosts.
FORBIDDEN = (
    re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>"),
    re.compile(r"<style\b[^>]*>"),
    re.compile(r"<[^>]*\sstyle=[^>]*>"),
    re.compile(r"<[^>]*\son[a-z]+=[^>]*>"),
    re.compile(r"\"javascript:[^\"]*\""),
    re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(?:https?:)?//[^>]*>"),
)

# Address: what a GET gives, what an empty POST gives.
TABLE: dict[str, tuple[Outcome, Outcome]] = {
    "/": (LOGGED_IN_GO_ON, NOT_THIS_METHOD),
    "/pulpit/": (everybody(200, visitor=302), NOT_THIS_METHOD),
    "/pulpit/statystyki/": (agency_people(200), NOT_THIS_METHOD),
    "/pomoc/": (everybody(200, visitor=302), NOT_THIS_METHOD),
    "/pomoc/stan-konta/": (everybody(404, visitor=302) | book_keeping(200), NOT_THIS_METHOD),
    "/szukaj/": (everybody(200, visitor=302), NOT_THIS_METHOD),
    "/jezyk/": (everybody(302), everybody(302)),
    "/wiersze/": (NOT_THIS_METHOD, everybody(302)),
    "/zdrowie/": (everybody(200), NOT_THIS_METHOD),
    # Settings of an agency
    "/ustawienia/agencja/": (owners(200), owners(200)),
    "/ustawienia/dane/": (owners(200), NOT_THIS_METHOD),
    "/ustawienia/dane/przygotuj/": (NOT_THIS_METHOD, owners(302)),
    "/ustawienia/dane/{export}/pobierz/": (owners(200, stranger=404), NOT_THIS_METHOD),
    "/ustawienia/zamkniecie/": (owners(200), owners(200)),
    "/ustawienia/zamkniecie/cofnij/": (NOT_THIS_METHOD, owners(302)),
    # Accounts
    "/rejestracja/": (LOGGED_IN_GO_ON, LOGGED_IN_GO_ON),
    "/rejestracja/gotowe/": (everybody(404), everybody(404)),
    "/rejestracja/wyslij-ponownie/": (everybody(200), everybody(200)),
    "/logowanie/": (LOGGED_IN_GO_ON, LOGGED_IN_GO_ON),
    "/wylogowanie/": (everybody(200, visitor=302), everybody(302)),
    "/konto-nieaktywne/": (everybody(200), NOT_THIS_METHOD),
    "/haslo/pierwsze/": (NOBODY_NOW, NOBODY_NOW),
    "/haslo/zmiana/": (everybody(200, visitor=302), everybody(200, visitor=302)),
    "/haslo/przypomnienie/": (everybody(200), everybody(200)),
    "/haslo/przypomnienie/wyslane/": (everybody(200), NOT_THIS_METHOD),
    "/haslo/nowe/gotowe/": (everybody(200), NOT_THIS_METHOD),
    "/haslo/nowe/1-set-password/": (everybody(200), everybody(200)),
    "/operator/agencje/": (operators(200), operators(200)),
    "/logowanie/kod/": (everybody(302), everybody(302)),
    "/logowanie/klucz/": (everybody(302), everybody(302)),
    # Whoever has a second factor proves by it, the others by the password.
    "/potwierdzenie/": (BY_PASSWORD, BY_PASSWORD),
    "/potwierdzenie/kod/": (BY_SECOND_FACTOR, BY_SECOND_FACTOR),
    "/potwierdzenie/klucz/": (everybody(302), everybody(302)),
    # One's own account
    "/ustawienia/konto/": (everybody(200, visitor=302), everybody(200, visitor=302)),
    "/ustawienia/konto/e-mail/": (everybody(200, visitor=302), everybody(200, visitor=302)),
    "/zmiana-e-mail/made-up/": (everybody(200), everybody(200)),
    "/ustawienia/sesje/": (everybody(200, visitor=302), everybody(302)),
    "/ustawienia/drugi-skladnik/": (everybody(200, visitor=302), NOT_THIS_METHOD_LOGGED_IN),
    "/ustawienia/drugi-skladnik/aplikacja/": (NEW_FACTOR, NEW_FACTOR),
    "/ustawienia/drugi-skladnik/aplikacja/usun/": (OWN_FACTOR, OWN_FACTOR),
    "/ustawienia/drugi-skladnik/klucze/": (everybody(302), everybody(302)),
    "/ustawienia/drugi-skladnik/klucze/nowy/": (
        everybody(200, visitor=302),
        everybody(200, visitor=302),
    ),
    "/ustawienia/drugi-skladnik/klucze/1/usun/": (NOBODY_NOW, NOBODY_NOW),
    "/ustawienia/drugi-skladnik/kody/": (OWN_FACTOR, NOT_THIS_METHOD_LOGGED_IN),
    "/ustawienia/drugi-skladnik/kody/nowe/": (
        everybody(200, visitor=302),
        OWN_FACTOR_OR_ERROR,
    ),
    "/ustawienia/drugi-skladnik/kody/pobierz/": (OWN_FACTOR, OWN_FACTOR_BUT_NOT_POST),
    # People
    "/ustawienia/osoby/": (owners(200) | {"admin": 200}, owners(200) | {"admin": 200}),
    "/ustawienia/osoby/{person}/": (team(200), team(200)),
    "/ustawienia/osoby/{person}/usun/": (NOT_THIS_METHOD, team(302)),
    "/ustawienia/zaproszenia/{invitation}/ponow/": (NOT_THIS_METHOD, team(302)),
    "/ustawienia/zaproszenia/{invitation}/wycofaj/": (NOT_THIS_METHOD, team(302)),
    "/zaproszenie/made-up/": (everybody(410), everybody(410)),
    # Documents
    "/regulamin/": (everybody(200), NOT_THIS_METHOD),
    "/regulamin/2026-11-01/": (everybody(200), NOT_THIS_METHOD),
    "/polityka-prywatnosci/": (everybody(200), NOT_THIS_METHOD),
    "/polityka-prywatnosci/2026-11-01/": (everybody(200), NOT_THIS_METHOD),
    "/powierzenie-danych/": (everybody(200), NOT_THIS_METHOD),
    "/powierzenie-danych/2026-11-01/": (everybody(200), NOT_THIS_METHOD),
    "/faktury-elektroniczne/": (everybody(200), NOT_THIS_METHOD),
    "/faktury-elektroniczne/2026-11-01/": (everybody(200), NOT_THIS_METHOD),
    "/oswiadczenie-o-podpisie/": (everybody(200), NOT_THIS_METHOD),
    "/oswiadczenie-o-podpisie/2026-11-01/": (everybody(200), NOT_THIS_METHOD),
    "/operator/agencje/{agency}/": (operators(200), NOT_THIS_METHOD),
    "/operator/agencje/{agency}/osoby/{person}/haslo/": (NOT_THIS_METHOD, helpers(302)),
    "/operator/agencje/{agency}/osoby/{person}/email/": (helpers(200), helpers(200)),
    "/operator/agencje/{agency}/wiadomosci/": (helpers(200), helpers(422)),
    "/operator/bramki/": (helpers(200), NOT_THIS_METHOD),
    "/operator/bramki/smsapi/wznow/": (NOT_THIS_METHOD, helpers(302)),
    # Events
    "/ustawienia/zdarzenia/": (owners(200), NOT_THIS_METHOD),
    "/ustawienia/zdarzenia/plik.csv": (owners(200), NOT_THIS_METHOD),
    "/operator/zdarzenia/": (admins(200), NOT_THIS_METHOD),
    "/operator/zdarzenia/plik.csv": (admins(200), NOT_THIS_METHOD),
    # Money
    "/stan-konta/": (book_keepers(200), NOT_THIS_METHOD),
    "/stan-konta/doladuj/": (book_keepers(200), NOT_THIS_METHOD),
    "/stan-konta/ruchy.csv": (book_keepers(200), NOT_THIS_METHOD),
    "/stan-konta/ruchy.xlsx": (book_keepers(200), NOT_THIS_METHOD),
    "/stan-konta/ostrzezenie/": (NOT_THIS_METHOD, book_keepers(302)),
    "/faktury/": (book_keepers(200), NOT_THIS_METHOD),
    "/faktury/{invoice}/pdf/": (book_keepers(200, stranger=404), NOT_THIS_METHOD),
    "/faktury/{year}/{month}/faktury.zip": (book_keepers(200, stranger=404), NOT_THIS_METHOD),
    "/operator/wplaty/": (operators(200), NOT_THIS_METHOD),
    "/operator/wplaty/nowa/": (billing(200), billing(200)),
    "/operator/wplaty/{line}/przypisz/": (billing(200), billing(200)),
    "/operator/wplaty/{line}/agencje/": (billing(200), NOT_THIS_METHOD),
    "/operator/wplaty/{line}/podziel/": (billing(200), billing(200)),
    "/operator/wplaty/{line}/zwrot/": (NOT_THIS_METHOD, billing(404)),
    "/operator/wplaty/{line}/odloz/": (NOT_THIS_METHOD, billing(422)),
    "/operator/wplaty/{line}/przywroc/": (NOT_THIS_METHOD, billing(302)),
    "/operator/wplaty/rachunki/": (operators(200), NOT_THIS_METHOD),
    "/operator/wplaty/rachunki/{payer}/zapomnij/": (NOT_THIS_METHOD, billing(302)),
    "/operator/wyciagi/": (operators(200), billing(422)),
    "/operator/wyciagi/{file}/": (operators(200), NOT_THIS_METHOD),
    "/operator/wyciagi/wczytanie/{upload}/": (billing(200), NOT_THIS_METHOD),
    "/operator/wyciagi/wczytanie/{upload}/odpowiedz/": (NOT_THIS_METHOD, billing(422)),
    "/operator/wyciagi/wczytanie/{upload}/porzuc/": (NOT_THIS_METHOD, billing(302)),
    "/operator/wyciagi/uklady/{layout}/zapomnij/": (NOT_THIS_METHOD, billing(302)),
    "/operator/cennik/": (admins(200), admins(200)),
    "/operator/cennik/{price}/wycofaj/": (NOT_THIS_METHOD, admins(302)),
    "/operator/faktury/": (operators(200), NOT_THIS_METHOD),
    "/operator/faktury/{invoice}/": (operators(200), NOT_THIS_METHOD),
    "/operator/faktury/{invoice}/pdf/": (operators(200), NOT_THIS_METHOD),
    "/operator/faktury/{invoice}/wyslij/": (NOT_THIS_METHOD, billing(422)),
    "/operator/faktury/{invoice}/koryguj/": (NOT_THIS_METHOD, billing(422)),
    "/operator/faktury/{year}/{month}/faktury.csv": (operators(200), NOT_THIS_METHOD),
    "/operator/faktury/{year}/{month}/faktury.zip": (operators(200), NOT_THIS_METHOD),
    "/operator/faktury/{year}/{month}/jpk.xml": (operators(200), NOT_THIS_METHOD),
    "/operator/zwroty/": (operators(200), billing(422)),
    "/operator/zwroty/{transfer}/przelane/": (NOT_THIS_METHOD, billing(302)),
    "/operator/wplaty/{payment}/cofnij/": (billing(200), billing(200)),
    # Contacts
    "/klienci/": (agents(200), NOT_THIS_METHOD),
    "/klienci/kolumny/": (NOT_THIS_METHOD, agents(302)),
    "/klienci/nowy/": (agents(200), agents(200)),
    "/klienci/import/": (agents(200), agents(422)),
    "/klienci/import/przyklad.csv": (agents(200), NOT_THIS_METHOD),
    "/klienci/import/{import}/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/klienci/import/{import}/kolumny/": (agents(302, stranger=404), agents(302, stranger=404)),
    "/klienci/import/{import}/start/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/klienci/import/{import}/anuluj/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/klienci/import/{import}/odrzucone.csv": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/klienci/{contact}/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/klienci/{contact}/zmiana/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/klienci/{contact}/usun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/klienci/{contact}/zgody/": (NOT_THIS_METHOD, agents(200, stranger=404)),
    "/klienci/{contact}/pojazdy/nowy/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/klienci/{contact}/polisy/nowa/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/klienci/zaznaczeni/grupa/": (NOT_THIS_METHOD, agents(302)),
    "/klienci/zaznaczeni/zgody/": (NOT_THIS_METHOD, agents(302)),
    "/klienci/rezygnacje/": (agents(200), NOT_THIS_METHOD),
    "/klienci/rezygnacje/dodaj/": (agents(200), agents(422)),
    "/klienci/rezygnacje/{opted_out}/cofnij/": (
        agents(200, stranger=404),
        agents(200, stranger=404),
    ),
    "/ustawienia/tresc-zgody/": (owners(200), owners(200)),
    "/klienci/zaznaczeni/eksport/": (NOT_THIS_METHOD, agents(302)),
    "/klienci/zaznaczeni/usun/": (NOT_THIS_METHOD, agents(302)),
    "/klienci/grupy/": (agents(200), NOT_THIS_METHOD),
    "/klienci/grupy/{group}/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/klienci/grupy/{group}/usun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/klienci/pojazdy/{vehicle}/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/klienci/pojazdy/{vehicle}/usun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/klienci/polisy/{policy}/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/klienci/polisy/{policy}/usun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/klienci/polisy/{policy}/raty/nowa/": (
        agents(200, stranger=404),
        agents(200, stranger=404),
    ),
    "/klienci/raty/{instalment}/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/klienci/raty/{instalment}/usun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    # Templates
    "/wzory/": (agents(200), NOT_THIS_METHOD),
    "/wzory/nowy/": (agents(200), agents(200)),
    "/wzory/podglad/": (NOT_THIS_METHOD, agents(200)),
    "/wzory/liczby/": (NOT_THIS_METHOD, agents(200)),
    "/wzory/klienci/": (agents(200), NOT_THIS_METHOD),
    "/wzory/probny/": (NOT_THIS_METHOD, agents(200)),
    "/wzory/{template}/": (agents(200, stranger=404), agents(200, stranger=404)),
    "/wzory/{template}/kopia/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wzory/{template}/przesun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wzory/{template}/archiwum/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wzory/{template}/przywroc/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wzory/{template}/usun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    # Campaigns
    "/wysylki/": (agents(200), NOT_THIS_METHOD),
    "/wysylki/nowa/": (NOT_THIS_METHOD, agents(302)),
    "/wysylki/{campaign}/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/wysylki/{campaign}/odbiorca/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/wysylki/{sent}/raporty/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/wysylki/{campaign}/pominieci/no_consent/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/wysylki/{campaign}/wyslij/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wysylki/{campaign}/usun/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wysylki/{campaign}/wstrzymaj/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wysylki/{campaign}/wznow/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wysylki/{campaign}/anuluj/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wysylki/{campaign}/zmien/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wysylki/{campaign}/ponow/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    # Sender names: whoever sends sees them, owners manage them
    "/ustawienia/podpisy/": (agents(200), NOT_THIS_METHOD),
    "/ustawienia/podpisy/domyslny/": (NOT_THIS_METHOD, owners(302)),
    "/ustawienia/podpisy/nowy/": (owners(200), owners(200)),
    "/ustawienia/podpisy/{name}/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/ustawienia/podpisy/{name}/nazwa/": (owners(200, stranger=404), owners(200, stranger=404)),
    "/ustawienia/podpisy/{name}/zloz/": (NOT_THIS_METHOD, owners(422, stranger=404)),
    "/ustawienia/podpisy/{name}/usun/": (NOT_THIS_METHOD, owners(302, stranger=404)),
    "/ustawienia/podpisy/{name}/dokument/": (owners(200, stranger=404), NOT_THIS_METHOD),
    # Sender names, for the operator: support sees, administrators decide
    "/operator/podpisy/": (helpers(200), NOT_THIS_METHOD),
    "/operator/podpisy/wspolne/": (helpers(200), admins(200)),
    "/operator/podpisy/dla-agencji/": (admins(200), admins(200)),
    "/operator/podpisy/zastrzezone/": (helpers(200), admins(200)),
    "/operator/podpisy/zastrzezone/{word}/usun/": (NOT_THIS_METHOD, admins(302)),
    "/operator/podpisy/{name}/": (helpers(200), NOT_THIS_METHOD),
    "/operator/podpisy/{name}/dokument/": (helpers(200), NOT_THIS_METHOD),
    "/operator/podpisy/{name}/wez/": (NOT_THIS_METHOD, admins(302)),
    "/operator/podpisy/{name}/zatwierdz/": (NOT_THIS_METHOD, admins(302)),
    "/operator/podpisy/{name}/odrzuc/": (NOT_THIS_METHOD, admins(422)),
    "/operator/podpisy/{name}/cofnij/": (NOT_THIS_METHOD, admins(422)),
    "/operator/podpisy/{shared}/przywroc/": (NOT_THIS_METHOD, admins(302)),
    # Messages
    "/wiadomosci/": (agents(200), NOT_THIS_METHOD),
    "/wiadomosci/filtry/": (agents(200), NOT_THIS_METHOD),
    "/wiadomosci/odebrane/": (agents(200), NOT_THIS_METHOD),
    "/wiadomosci/odswiez/": (NOT_THIS_METHOD, agents(302)),
    "/wiadomosci/odswiezanie/{refresh}/": (agents(302, stranger=404), NOT_THIS_METHOD),
    "/wiadomosci/odswiezanie/{refresh}/anuluj/": (NOT_THIS_METHOD, agents(302, stranger=404)),
    "/wiadomosci/eksport/": (NOT_THIS_METHOD, agents(302)),
    "/wiadomosci/{message}/": (agents(200, stranger=404), NOT_THIS_METHOD),
    "/dlr/smsapi/wrong-secret/": (everybody(404), NOT_THIS_METHOD),
    "/dlr/serwersms/wrong-secret/": (everybody(404), everybody(404)),
    "/mo/smsapi/wrong-secret/": (NOT_THIS_METHOD, everybody(404)),
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern)


def test_the_table_names_every_address_of_the_portal() -> None:
    named = {resolve(path.format_map(AnyId())).route for path in TABLE}
    assert set(routes(get_resolver().url_patterns)) == named


class AnyId(dict[str, int]):
    def __missing__(self, name: str) -> int:
        return 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", TABLE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_gets_what_the_table_says(method: str, path: str, walk: Walk) -> None:
    """And no page needs what the Content-Security-Policy forbids."""
    visited = path.format(**walk.ids)
    got = {name: visit(client, method, visited) for name, client in walk.browsers.items()}
    statuses = {name: response.status_code for name, response in got.items()}
    assert statuses == TABLE[path][method == "post"]
    forbidden = {name: forbidden_in(response) for name, response in got.items()}
    assert not any(forbidden.values()), forbidden


def forbidden_in(response: Any) -> list[str]:
    """What of an answer browsers would refuse to run or load."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    html = response.content.decode()
    return [found for pattern in FORBIDDEN for found in pattern.findall(html)]
