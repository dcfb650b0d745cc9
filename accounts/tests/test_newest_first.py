from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from accounts.models import Agency, User
from accounts.newest_first import Page, page_of

pytestmark = pytest.mark.django_db

PAGE_SIZE = 50


@pytest.fixture
def ids() -> list[int]:
    """120 agencies, newest first."""
    Agency.objects.bulk_create(
        Agency(name=f"A{number}", registration_code=f"AAAA{number:04}") for number in range(120)
    )
    return list(Agency.objects.order_by("-pk").values_list("pk", flat=True))


def shown(page: Page[Agency]) -> list[int]:
    return [row.pk for row in page.rows]


def asked(**parameters: object) -> Page[Agency]:
    request: Any = RequestFactory().get("/", parameters)
    request.user = User(rows_per_page=PAGE_SIZE)
    return page_of(request, Agency.objects.all())


def test_it_leads_from_the_newest_to_the_oldest_and_back(ids: list[int]) -> None:
    first = asked()
    second = asked(before=first.before)
    third = asked(before=second.before)
    assert shown(first) + shown(second) + shown(third) == ids
    assert first.after is None
    assert third.before is None
    assert shown(asked(after=third.after)) == shown(second)
    assert shown(asked(after=second.after)) == shown(first)
    assert asked(after=second.after).after is None


def test_a_list_of_one_page_leads_nowhere() -> None:
    assert asked() == Page([])
    Agency.objects.bulk_create(
        Agency(name="A", registration_code=f"AAAA{number:04}") for number in range(PAGE_SIZE)
    )
    page = asked()
    assert (len(page.rows), page.before, page.after) == (PAGE_SIZE, None, None)


@pytest.mark.parametrize("text", ["", "x", "-1", "0", "1.5", "9" * 30, "\0", "٣", "1'--"])
def test_nonsense_shows_the_first_page(text: str, ids: list[int]) -> None:
    assert shown(asked(before=text)) == ids[:PAGE_SIZE]
    assert shown(asked(after=text)) in (ids[:PAGE_SIZE], ids[-PAGE_SIZE:])


def test_rows_that_came_meanwhile_move_nothing(ids: list[int]) -> None:
    before = asked().before
    Agency.objects.create(name="New", registration_code="NEW00000")
    assert shown(asked(before=before)) == ids[PAGE_SIZE : 2 * PAGE_SIZE]
