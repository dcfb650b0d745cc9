"""The monthly limit of an employee: what counts, from when, and that two tabs cannot pass it together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.tests.pages import browser, text_of
from accounts.tests.races import run_together
from billing.ledger import find_differences
from messaging import preparing
from messaging.models import Campaign, Contact
from messaging.sending_limits import MonthlyLimitReached, Unit, allowance_of
from messaging.tests.sending_cases import PRICE, START, Sender, add_contacts, jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def employee(agency: Agency) -> User:
    return User.objects.create_user(
        "piotr@zolc.example", "haslo-piotra", full_name="Piotr", role=Role.EMPLOYEE, agency=agency
    )


@pytest.fixture
def limited(sender: Sender, employee: User) -> Sender:
    """The employee, who may send ten SMS parts a month."""
    return limit(Sender(sender.agency, employee, sender.template), parts=10)


def limit(who: Sender, *, parts: int | None = None, amount: int | None = None) -> Sender:
    who.person.monthly_limit_parts, who.person.monthly_limit_amount = parts, amount
    who.person.save()
    return who


def send(who: Sender, count: int) -> bool:
    """Confirm a campaign of so many one-part messages."""
    return who.confirm(who.draft(add_contacts(who.agency, count, Contact.objects.count())))


def left(who: Sender) -> int:
    allowance = allowance_of(who.person)
    assert allowance is not None
    return allowance.left


def test_without_a_limit_nothing_is_counted(sender: Sender, employee: User) -> None:
    assert allowance_of(sender.person) is None
    assert allowance_of(employee) is None


def test_campaigns_use_up_the_limit_to_the_last_part(limited: Sender) -> None:
    assert send(limited, 6)
    assert left(limited) == 4
    with pytest.raises(MonthlyLimitReached) as reached:
        send(limited, 5)
    assert (reached.value.allowance.left, reached.value.allowance.unit) == (4, Unit.PARTS)
    assert send(limited, 4)
    assert left(limited) == 0


def test_a_limit_in_zloty_counts_grosze(limited: Sender) -> None:
    limit(limited, amount=10 * PRICE + 28)
    assert send(limited, 10)
    assert left(limited) == 28
    with pytest.raises(MonthlyLimitReached):
        send(limited, 1)


def test_a_refusal_writes_and_charges_nothing(limited: Sender) -> None:
    draft = limited.draft(add_contacts(limited.agency, 11))
    with pytest.raises(MonthlyLimitReached):
        limited.confirm(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.confirmed_by, limited.balance, jobs()) == ("draft", None, START, [])


def test_what_others_send_does_not_count(limited: Sender, owner: User) -> None:
    send(Sender(limited.agency, owner, limited.template), 20)
    assert left(limited) == 10


def test_it_counts_for_who_confirms_not_for_who_drafts(limited: Sender, owner: User) -> None:
    draft = limited.draft(add_contacts(limited.agency, 20))
    assert Sender(limited.agency, owner, limited.template).confirm(draft)
    draft.refresh_from_db()
    assert (draft.created_by, draft.confirmed_by) == (limited.person, owner)
    assert left(limited) == 10


def test_confirming_again_what_filled_the_limit_is_no_error(limited: Sender) -> None:
    draft = limited.draft(add_contacts(limited.agency, 10))
    assert limited.confirm(draft)
    assert not limited.confirm(draft, 10 * PRICE)


def test_what_could_not_be_written_is_given_back_to_the_limit(limited: Sender) -> None:
    draft = limited.draft(add_contacts(limited.agency, 10))
    limited.confirm(draft)
    Contact.objects.order_by("pk")[0].delete()
    preparing.prepare(draft.pk)
    assert left(limited) == 1


def test_what_the_gateway_refused_still_counts(limited: Sender) -> None:
    send(limited, 10)
    campaign = Campaign.objects.get()
    preparing.prepare(campaign.pk)
    campaign.messages.update(state="rejected")
    assert left(limited) == 0


def test_the_month_is_warsaws(limited: Sender) -> None:
    # 22:30 UTC on the last of November is 23:30 in Warsaw; 23:30 UTC is already December there.
    with time_machine.travel(datetime(2026, 11, 30, 22, 30, tzinfo=UTC), tick=False) as clock:
        send(limited, 10)
        assert left(limited) == 0
        clock.shift(timedelta(hours=1))
        assert left(limited) == 10


def test_the_limit_counts_as_it_is_now_not_as_it_was_at_the_login(limited: Sender) -> None:
    User.objects.filter(pk=limited.person.pk).update(monthly_limit_parts=3)
    with pytest.raises(MonthlyLimitReached):
        send(limited, 4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("unit", ["parts", "amount"])
def test_two_tabs_cannot_pass_the_limit_together(limited: Sender, unit: str) -> None:
    limit(limited, **{unit: 10 if unit == "parts" else 10 * PRICE})
    drafts = [limited.draft(add_contacts(limited.agency, 3, 10 * n)) for n in range(12)]

    outcomes = run_together(12, lambda number: limited.confirm(drafts[number]))

    assert outcomes.count(True) == 3
    assert {type(o) for o in outcomes if o is not True} == {MonthlyLimitReached}
    assert limited.balance == START - 9 * PRICE
    assert Campaign.objects.filter(state="preparing").count() == 3
    assert find_differences() == []


# --- pages ----------------------------------------------------------------------------------------


def test_the_review_shows_the_limit_and_what_is_left(limited: Sender) -> None:
    send(limited, 6)
    draft = limited.draft(add_contacts(limited.agency, 3, 50))
    text = text_of(browser(limited.person).get(f"/wysylki/{draft.pk}/"))
    assert "Your limit this month 4 of 10 SMS parts left" in text
    assert "Send for 0,87 zł" in text


def test_a_draft_above_the_limit_cannot_be_sent_and_says_why(limited: Sender) -> None:
    draft = limited.draft(add_contacts(limited.agency, 11))
    client = browser(limited.person)
    text = text_of(client.get(f"/wysylki/{draft.pk}/"))
    assert "This is more than you may still send this month." in text
    assert "Send for" not in text
    sent = client.post(f"/wysylki/{draft.pk}/wyslij/", {"cost": str(11 * PRICE)}, follow=True)
    assert "Your limit leaves SMS parts this month: 10. Nothing was sent" in text_of(sent)
    assert limited.balance == START


def test_an_amount_is_told_in_zloty(limited: Sender) -> None:
    limit(limited, amount=100)
    draft = limited.draft(add_contacts(limited.agency, 11))
    sent = browser(limited.person).post(
        f"/wysylki/{draft.pk}/wyslij/", {"cost": str(11 * PRICE)}, follow=True
    )
    assert "Your limit leaves 1,00 zł for this month." in text_of(sent)
    assert "1,00 zł of 1,00 zł left" in text_of(sent)


def test_the_list_of_campaigns_tells_it_to_whom_it_concerns(
    limited: Sender, as_owner: Client
) -> None:
    send(limited, 1)
    text = text_of(browser(limited.person).get("/wysylki/"))
    assert "Your limit this month: 9 of 10 SMS parts left" in text
    assert "Your limit" not in text_of(as_owner.get("/wysylki/"))


def test_a_new_month_begins_with_all_of_it(limited: Sender) -> None:
    send(limited, 10)
    Campaign.objects.update(confirmed_at=timezone.now() - timedelta(days=32))
    assert left(limited) == 10
