"""Finding clients by what people type, and keeping the words in which it is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Agency
from messaging import contacts, insurance
from messaging.contact_search import MANY, Criteria, first_matches, matching, readings
from messaging.derived import bring_up_to_date
from messaging.models import Contact, Policy, SearchWord, Vehicle
from messaging.tests.book import client_of
from messaging.tests.sending_cases import add_contacts

pytestmark = pytest.mark.django_db

_SEPARATOR = st.sampled_from(["", " ", "-", "  ", ".", " - ", "/"])
_PREFIX = st.sampled_from(["", "+48", "0048", "48", "+48 ", "0048 ", "48 ", "+48-", "+ 48 ", "0"])


def found(agency: Agency, text: str) -> set[str]:
    """The last names that the list and the selection of all that match find; both must agree."""
    criteria = Criteria(text=text)
    ids, are_all = first_matches(agency, criteria)
    assert are_all
    assert set(ids) == {contact.pk for contact in matching(agency, criteria)}
    return set(Contact.objects.filter(pk__in=ids).values_list("last_name", flat=True))


@pytest.fixture
def book(agency: Agency) -> Agency:
    """Łukasz Żółć with a policy, a car and a landline; Jan Kowalski; Janina Nowak-Żółcińska."""
    zolc = client_of(agency, 1134567, last_name="Żółć", first_name="Łukasz")
    zolc.policies.create(number="AB/123/2026")
    zolc.vehicles.create(registration_number="OP4521K")
    zolc.other_numbers.create(number="0048 77 453-12-34")
    bring_up_to_date([zolc])
    client_of(agency)
    client_of(agency, 5, last_name="Nowak-Żółcińska", first_name="Janina")
    return agency


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("żół", {"Żółć", "Nowak-Żółcińska"}),
        ("ZOLC LUK", {"Żółć"}),
        ("luk zolc", {"Żółć"}),
        ("jan", {"Kowalski", "Nowak-Żółcińska"}),
        ("jan now", {"Nowak-Żółcińska"}),
        ("an", set()),
        ("zolc jan kowalski", set()),
        ("op 45 21 k", {"Żółć"}),
        ("OP-4521", {"Żółć"}),
        ("ab123", {"Żółć"}),
        ("AB / 123 / 2026", {"Żółć"}),
        ("77 453", {"Żółć"}),
        ("+48 77 453 12 34", {"Żółć"}),
        ("kowalski 600 100", {"Kowalski"}),
        ("kowalski 601 234", set()),
        ("zolc op4521k", {"Żółć"}),
        ("100 005", {"Nowak-Żółcińska"}),
        ("%", set()),
        ("_", set()),
        ("'; --", set()),
        ("z" * 500, set()),
        ("1 2 3 4 5 6 7 8 9", set()),
    ],
)
def test_what_is_typed_finds_whom_it_means(text: str, names: set[str], book: Agency) -> None:
    assert found(book, text) == names


@given(digits=st.from_regex(r"[4-8][0-9]{8}", fullmatch=True), prefix=_PREFIX, separator=_SEPARATOR)
def test_a_phone_is_one_number_in_every_spelling(digits: str, prefix: str, separator: str) -> None:
    spelled = prefix + separator.join((digits[:3], digits[3:6], digits[6:]))
    assert (digits,) in readings(spelled)


@given(st.text(max_size=60))
def test_every_text_has_readings_of_plain_words(text: str) -> None:
    for reading in readings(text):
        assert reading
        assert all(word.isascii() and word.isalnum() and len(word) <= 40 for word in reading)


def test_other_agencies_are_never_found(book: Agency, other_agency: Agency) -> None:
    client_of(other_agency, 1134567, last_name="Żółty")
    assert found(other_agency, "zol") == {"Żółty"}
    assert found(book, "601234567") == {"Żółć"}


def test_a_general_search_shows_its_first_ones_by_name(agency: Agency) -> None:
    ids = add_contacts(agency, MANY + 100)
    own = Contact.objects.filter(pk__in=ids)
    SearchWord.objects.bulk_create(
        SearchWord(agency=agency, contact=one, word=one.search_name) for one in own
    )
    last = client_of(agency, 999, last_name="Adamski", first_name="Nazar")
    first, are_all = first_matches(agency, Criteria(text="naz"))
    assert (len(first), are_all) == (MANY, False)
    assert first == list(own.order_by("search_name").values_list("pk", flat=True)[:MANY])
    assert matching(agency, Criteria(text="naz")).count() == MANY + 101
    assert last.pk in matching(agency, Criteria(text="naz")).values_list("pk", flat=True)


def test_words_follow_what_changes(book: Agency) -> None:
    contact = book.contacts.get(last_name="Kowalski")
    vehicle = contact.vehicles.get()
    vehicle.registration_number = "WA1"
    insurance.save_insured(vehicle)
    insurance.save_insured(Policy(contact=contact, number="ZZ 7"))
    insurance.save_insured(Vehicle(contact=contact, registration_number="KR9"))
    assert found(book, "op10000") == set()
    assert found(book, "wa1") == found(book, "zz7") == found(book, "kr9") == {"Kowalski"}
    insurance.delete_insured(vehicle)
    assert found(book, "wa1") == set()
    contact.last_name, contact.phone = "Wolski", "+48700000001"
    contacts.save_contact(contact, numbers=["22 111"], groups=[])
    assert found(book, "kowalski") == found(book, "600100000") == set()
    assert found(book, "wol") == found(book, "22111") == {"Wolski"}
    contacts.delete_contacts(book.contacts.filter(pk=contact.pk))
    assert found(book, "wol") == set()
    assert not SearchWord.objects.filter(word="wolski").exists()
