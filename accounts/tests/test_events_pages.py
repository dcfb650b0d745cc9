"""Zdarzenia: the agency's list, the operator's list, and their exports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts import events
from accounts.event_groups import EVENT_GROUPS
from accounts.models import Agency, Event, EventKind, User
from accounts.roles import Role
from accounts.tests.pages import text_of

OWN = "/ustawienia/zdarzenia/"
ALL = "/operator/zdarzenia/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def event(subject: str = "", **fields: Any) -> Event:
    """An event as it is kept; a login unless told otherwise."""
    fields = {"kind": EventKind.LOGGED_IN, "search_subject": subject.lower()} | fields
    return Event.objects.create(subject=subject, **fields)


def table_of(response: Any) -> str:
    """The page's text below the filter."""
    return text_of(response).partition("Show ")[2]


def csv_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


# --- what is shown to whom ------------------------------------------------------------------------


def test_an_owner_sees_who_did_what_when_and_from_where(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    at = datetime(2026, 11, 22, 20, 5, 7, tzinfo=UTC)
    event(
        "Jan Kowalski",
        kind=EventKind.CONTACT_DELETED,
        agency=agency,
        person=owner,
        at=at,
        ip="203.0.113.7",
        user_agent=FIREFOX,
    )
    shown = "22.11.2026 21:05:07 Client deleted Jan Kowalski Anna Żółć 203.0.113.7 Firefox, Linux"
    assert shown in table_of(as_owner.get(OWN))


def test_the_newest_is_on_top(agency: Agency, as_owner: Client) -> None:
    event("first", agency=agency)
    event("second", agency=agency)
    text = table_of(as_owner.get(OWN))
    assert text.index("second") < text.index("first")


def test_an_agency_sees_its_own_events_only(
    agency: Agency, other_agency: Agency, as_owner: Client
) -> None:
    event("theirs", agency=other_agency)
    event("nobodys")
    response = as_owner.get(OWN)
    assert "No events yet" in text_of(response)
    assert "theirs" not in csv_of(as_owner.get(f"{OWN}plik.csv"))


def test_the_operators_people_are_mps_to_the_agency(
    agency: Agency, admin: User, as_owner: Client
) -> None:
    event("x", agency=agency, person=admin, ip="198.51.100.9", user_agent=FIREFOX)
    for seen in (text_of(as_owner.get(OWN)), csv_of(as_owner.get(f"{OWN}plik.csv"))):
        assert "MPS" in seen
        for hidden in ("Olga", "198.51.100.9", "Firefox"):
            assert hidden not in seen


def test_the_operator_sees_all_agencies_and_names(
    agency: Agency, other_agency: Agency, admin: User, as_admin: Client
) -> None:
    event("a", agency=agency, person=admin, ip="198.51.100.9")
    event("b", agency=other_agency)
    event("c")
    text = table_of(as_admin.get(ALL))
    assert "Ubezpieczenia Anna Żółć Logged in a Olga Admin 198.51.100.9" in text
    assert "Jan Łęcki Logged in b The portal by itself –" in text
    assert "– Logged in c" in text


def test_a_visitor_is_told_from_a_job(agency: Agency, as_owner: Client) -> None:
    event("visitor", agency=agency, ip="203.0.113.7")
    event("job", agency=agency)
    text = table_of(as_owner.get(OWN))
    assert "visitor Not logged in 203.0.113.7" in text
    assert "job The portal by itself –" in text


def test_what_is_written_in_a_subject_is_no_markup(agency: Agency, as_owner: Client) -> None:
    event("<b>bold</b>", agency=agency, user_agent="<i>", ip="203.0.113.7")
    page = as_owner.get(OWN).content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<i>" not in page


@pytest.mark.parametrize("person", ["as_accountant", "as_clerk", "as_support"])
@pytest.mark.parametrize("path", [OWN, f"{OWN}plik.csv", ALL, f"{ALL}plik.csv"])
def test_nobody_else_may_look(person: str, path: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(person).get(path).status_code == 403


def test_each_of_the_two_lists_has_its_own_readers(as_owner: Client, as_admin: Client) -> None:
    for path in (ALL, f"{ALL}plik.csv"):
        assert as_owner.get(path).status_code == 403
    for path in (OWN, f"{OWN}plik.csv"):
        assert as_admin.get(path).status_code == 403


def test_owners_find_the_page_among_the_settings(as_owner: Client, as_admin: Client) -> None:
    assert f'href="{OWN}"' in as_owner.get(OWN).content.decode()
    assert f'href="{ALL}"' in as_admin.get("/pulpit/").content.decode()


# --- filters --------------------------------------------------------------------------------------


@pytest.fixture
def some(agency: Agency, owner: User, admin: User) -> None:
    """Events that differ in everything that the filters look at."""
    for subject, kind, person, ip, day in (
        ("zolc", EventKind.LOGGED_IN, owner, "203.0.113.7", 20),
        ("import", EventKind.CONTACTS_IMPORTED, owner, "203.0.113.7", 21),
        ("payment", EventKind.PAYMENT_BOOKED, admin, "198.51.100.9", 22),
        ("failed", EventKind.LOGIN_FAILED, None, "192.0.2.1", 23),
        ("erased", EventKind.DATA_ERASED, None, None, 24),
    ):
        at = datetime(2026, 11, day, 12, tzinfo=UTC)
        event(subject, kind=kind, agency=agency, person=person, ip=ip, at=at)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "logged_in"}, {"zolc"}),
        ({"kind": "logins"}, {"zolc", "failed"}),
        ({"kind": "data"}, {"erased"}),
        ({"person": "mps"}, {"payment"}),
        ({"person": "portal"}, {"erased"}),
        ({"person": "visitors"}, {"failed"}),
        ({"since": "2026-11-23"}, {"failed", "erased"}),
        ({"until": "2026-11-20"}, {"zolc"}),
        ({"since": "2026-11-21", "until": "2026-11-22"}, {"import", "payment"}),
        ({"since": "21.11.2026", "until": "21.11.2026"}, {"import"}),
        ({"q": " ŻÓŁĆ "}, {"zolc"}),
        ({"q": "mpor", "kind": "clients"}, {"import"}),
        ({"q": "mpor", "kind": "money"}, set()),
        ({}, {"zolc", "import", "payment", "failed", "erased"}),
    ],
)
def test_the_list_and_the_export_are_narrowed_alike(
    query: dict[str, str], found: set[str], some: None, as_owner: Client
) -> None:
    everything = ("zolc", "import", "payment", "failed", "erased")
    as_owner.cookies["django_language"] = "pl"
    page = as_owner.get(OWN, query).content.decode().partition("<tbody>")[2]
    assert {subject for subject in everything if f">{subject}<" in page} == found
    file = csv_of(as_owner.get(f"{OWN}plik.csv", query))
    assert {subject for subject in everything if f";{subject};" in file} == found


def test_one_persons_events(some: None, owner: User, as_owner: Client) -> None:
    text = table_of(as_owner.get(OWN, {"person": owner.pk}))
    assert "zolc" in text
    assert "payment" not in text


def test_days_are_warsaws(agency: Agency, as_owner: Client) -> None:
    event("midnight", agency=agency, at=datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    assert "midnight" in table_of(as_owner.get(OWN, {"since": "2026-11-22"}))
    assert "midnight" not in table_of(as_owner.get(OWN, {"until": "2026-11-21"}))


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "2026-11-22", "until": "2026-11-21"},
        {"kind": "nonsense"},
        {"person": "999999"},
        {"person": "9" * 40},
        {"person": "x' OR 1=1"},
        {"q": "x" * 101},
        {"q": "a\0b"},
        {"kind": "\0"},
    ],
)
def test_a_filter_that_makes_no_sense_shows_nothing_and_says_so(
    query: dict[str, str], some: None, as_owner: Client
) -> None:
    response = as_owner.get(OWN, query)
    assert response.status_code == 200
    assert "Mend the filter above first." in text_of(response)
    assert (
        'class="is-invalid' in response.content.decode()
        or "is-invalid" in response.content.decode()
    )
    back = as_owner.get(f"{OWN}plik.csv", query)
    assert back.status_code == 302
    assert back["Location"].startswith(f"{OWN}?")


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "\0", ""])
def test_a_page_that_does_not_exist_is_the_first(page: str, some: None, as_owner: Client) -> None:
    assert "import" in table_of(as_owner.get(OWN, {"before": page}))
    assert "import" in table_of(as_owner.get(OWN, {"after": page}))


def test_an_agencys_person_is_no_filter_for_another(
    owner: User, other_agency: Agency, as_stranger: Client
) -> None:
    assert "Mend the filter" in text_of(as_stranger.get(OWN, {"person": owner.pk}))
    assert "Anna" not in text_of(as_stranger.get(OWN))


@pytest.mark.parametrize("words", ["zolc", "111-111-11-11", "7k3m-9qw3", "anna@zolc"])
def test_the_operator_narrows_to_an_agency_and_its_people(
    words: str, agency: Agency, other_agency: Agency, owner: User, as_admin: Client
) -> None:
    event("ours", agency=agency, person=owner)
    event("theirs", agency=other_agency)
    text = table_of(as_admin.get(ALL, {"agency": words, "person": owner.pk}))
    assert "ours" in text
    assert "theirs" not in text


def test_an_agency_that_is_no_name_of_any_length_is_pointed_out(as_admin: Client) -> None:
    assert "Mend the filter" in text_of(as_admin.get(ALL, {"agency": "x" * 60_000}))
    assert "Mend the filter" in text_of(as_admin.get(ALL, {"agency": "a\0"}))
    assert "Nothing found" in text_of(as_admin.get(ALL, {"agency": "%_"}))


def test_without_an_agency_its_people_are_not_offered(owner: User, as_admin: Client) -> None:
    assert "Anna Żółć" not in text_of(as_admin.get(ALL))


# --- length ---------------------------------------------------------------------------------------


def test_long_lists_come_in_pages(agency: Agency, as_owner: Client) -> None:
    for number in range(60):
        event(f"number-{number:03}", agency=agency)
    first = as_owner.get(OWN, {"kind": "logged_in"}).content.decode()
    assert "number-059" in first
    assert "number-009" not in first
    oldest = Event.objects.order_by("-pk")[49].pk
    assert f'href="?kind=logged_in&amp;before={oldest}"' in first
    second = as_owner.get(OWN, {"before": oldest}).content.decode()
    assert "number-009" in second
    assert "number-010" not in second


def test_a_longer_list_takes_no_more_queries(
    agency: Agency, as_owner: Client, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        person = User.objects.create_user(
            f"{number}@x.example", full_name="E", role=Role.EMPLOYEE, agency=agency
        )
        event(str(number), agency=agency, person=person)
    with django_assert_max_num_queries(8):
        as_owner.get(OWN)
    with django_assert_max_num_queries(8):
        as_admin.get(ALL, {"agency": "zolc"})


# --- exports --------------------------------------------------------------------------------------


def test_the_file_is_for_polish_spreadsheets_and_runs_no_formula(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    event(
        "=HYPERLINK(1)",
        agency=agency,
        person=owner,
        at=datetime(2026, 7, 1, 10, tzinfo=UTC),
        ip="203.0.113.7",
        user_agent=FIREFOX,
    )
    response = as_owner.get(f"{OWN}plik.csv")
    assert response["Content-Disposition"].startswith('attachment; filename="zdarzenia-')
    header, _export, row = csv_of(response).splitlines()
    assert header == "\ufeffWhen;Event;Subject;Who;IP address;Browser"
    assert row == (
        "2026-07-01 12:00:00;Logged in;'=HYPERLINK(1);Anna Żółć;203.0.113.7;Firefox, Linux"
    )


def test_an_export_is_an_event_itself(agency: Agency, owner: User, as_owner: Client) -> None:
    as_owner.get(f"{OWN}plik.csv")
    exported = Event.objects.get()
    assert (exported.kind, exported.agency, exported.person) == ("list_exported", agency, owner)
    assert exported.subject.startswith("zdarzenia-")


def test_the_operators_export_of_one_agency_is_that_agencys_event(
    agency: Agency, admin: User, as_admin: Client
) -> None:
    event("x", agency=agency)
    text = csv_of(as_admin.get(f"{ALL}plik.csv", {"agency": "7K3M-9QW3"}))
    assert ";Ubezpieczenia Anna Żółć;Logged in;x;" in text
    assert Event.objects.get(kind="list_exported").agency == agency
    as_admin.get(f"{ALL}plik.csv")
    assert Event.objects.filter(kind="list_exported", agency=None).count() == 1


def test_a_long_export_takes_few_queries(
    agency: Agency, as_owner: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        event(str(number), agency=agency)
    with django_assert_max_num_queries(7):
        assert len(csv_of(as_owner.get(f"{OWN}plik.csv")).splitlines()) == 122


# --- the words ------------------------------------------------------------------------------------


def test_every_kind_is_in_one_group() -> None:
    grouped = [kind for group in EVENT_GROUPS for kind in group.kinds]
    assert sorted(grouped) == sorted(EventKind)
    assert not {group.name for group in EVENT_GROUPS} & set(EventKind.values)


def test_a_subject_is_found_without_case_and_accents(owner: User, as_owner: Client) -> None:
    events.record(EventKind.TEMPLATE_DELETED, "Życzenia ŁÓDŹ", person=owner)
    assert "Życzenia" in table_of(as_owner.get(OWN, {"q": "lodz"}))
