"""One test for each rule of the law that messages to clients stand under.

PKE: ustawa z 12.07.2024 - Prawo komunikacji elektronicznej (Dz.U. 2024 poz. 1221). RODO: Regulation (EU) 2016/679.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.models.append_only import RowIsFinal
from accounts.tests.pages import text_of
from messaging import campaigns, preparing, tasks
from messaging.categories import Category
from messaging.consent_wordings import suggestion_for, write_wording
from messaging.consents import Kind, let_in_number, opt_out_numbers, record_consent, record_said
from messaging.models import (
    Campaign,
    Contact,
    ContactConsent,
    IncomingMessage,
    Message,
    SenderName,
)
from messaging.opt_outs import Said
from messaging.template_types import TemplateType
from messaging.tests.book import client_of, draft_for
from messaging.tests.sending_cases import Sender, UseGateway, accepted

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def consent_of(contact: Contact, person: User | None = None) -> ContactConsent:
    said = Said(channel="paper", source="umowa 12/2026", said_on=TODAY(), recorded_by=person)
    return record_said(contact=contact, kind=Kind.MARKETING, is_given=True, said=said)


def offer_to(sender: Sender, *contacts: Contact) -> Campaign:
    """A draft of a marketing message."""
    draft = sender.draft([contact.pk for contact in contacts])
    draft.category = Category.MARKETING
    draft.save()
    return draft


def send(sender: Sender, draft: Campaign) -> list[Message]:
    if campaigns.quote(draft).recipients:
        sender.confirm(draft)
        preparing.prepare(draft.pk)
        tasks.send_due()
    return list(draft.messages.order_by("pk"))


def test_pke_art_398_no_marketing_without_prior_consent(
    sender: Sender, scripted: UseGateway
) -> None:
    """Art. 398 ust. 1 PKE: no direct marketing by telecommunications devices without the prior consent."""
    scripted(accepted)
    yes, no = client_of(sender.agency, 1), client_of(sender.agency, 2)
    consent_of(yes)
    assert [m.contact for m in send(sender, offer_to(sender, yes, no))] == [yes]


def test_pke_art_398_companies_are_protected_as_persons_are(sender: Sender) -> None:
    """Art. 398 ust. 1 PKE speaks of the subscriber or end user, whoever that is."""
    firm = client_of(sender.agency, last_name="", first_name="", company="Kwiaty sp. z o.o.")
    quote = campaigns.quote(offer_to(sender, firm))
    assert [client.obstacle for client in quote.left_out] == ["no_consent"]


def test_pke_art_398_offers_and_wishes_are_marketing_from_the_start() -> None:
    """Art. 398 PKE; art. 2 pkt 2 uśude: whatever serves to promote goods, services or the image is such information."""
    assert TemplateType.OFFER.category == Category.MARKETING
    assert TemplateType.BIRTHDAY.category == Category.MARKETING


def test_rodo_art_6_1_b_service_messages_need_no_consent(
    sender: Sender, scripted: UseGateway
) -> None:
    """Art. 6(1)(b) and (f) RODO: what carries out the contract is sent without consent to marketing."""
    scripted(accepted)
    client = client_of(sender.agency)
    assert len(send(sender, sender.draft([client.pk]))) == 1


def test_rodo_art_7_1_the_consent_of_each_message_can_be_shown(
    sender: Sender, scripted: UseGateway, as_owner: Client
) -> None:
    """Art. 7(1) RODO, art. 400 PKE: the sender must be able to demonstrate the consent, as it was at that time."""
    scripted(accepted)
    client = client_of(sender.agency)
    wording = write_wording(agency=sender.agency, text="Zgadzam się.", written_by=sender.person)
    said = Said("paper", "umowa 12/2026", TODAY(), wording, sender.person)
    step = record_said(contact=client, kind=Kind.MARKETING, is_given=True, said=said)
    (message,) = send(sender, offer_to(sender, client))
    assert (message.category, message.consent) == ("marketing", step)
    # Withdrawing and consenting anew changes nothing about what that message relied on.
    record_consent(
        contact=client, kind=Kind.MARKETING, is_given=False, source="x", recorded_by=None
    )
    consent_of(client)
    message.refresh_from_db()
    assert message.consent == step
    page = text_of(as_owner.get(f"/klienci/{client.pk}/"))
    assert f"consent of {TODAY():%d.%m.%Y}, on paper" in page
    assert "umowa 12/2026" in page
    assert "Zgadzam się." in page


def test_rodo_art_7_1_consent_must_stand_when_the_message_leaves(
    sender: Sender, scripted: UseGateway
) -> None:
    """Art. 7(1) RODO: it is the moment of sending that counts, not that of the decision to send."""
    gateway = scripted(accepted)
    client = client_of(sender.agency)
    consent_of(client)
    draft = offer_to(sender, client)
    sender.confirm(draft)
    preparing.prepare(draft.pk)
    record_consent(
        contact=client, kind=Kind.MARKETING, is_given=False, source="x", recorded_by=None
    )
    tasks.send_due()
    assert gateway.requests == []


def test_rodo_art_5_2_the_history_is_never_overwritten(agency: Agency) -> None:
    """Art. 5(2) RODO: accountability. Each step is a row of its own; wordings too."""
    client = client_of(agency)
    step = consent_of(client)
    step.source = "co innego"
    with pytest.raises(RowIsFinal):
        step.save()
    with pytest.raises(RowIsFinal):
        ContactConsent.objects.filter(pk=step.pk).update(is_given=False)
    wording = agency.consent_wordings.create(text="Zgadzam się.")
    with pytest.raises(RowIsFinal):
        wording.delete()


def test_rodo_art_7_3_withdrawing_is_as_easy_as_giving(agency: Agency, as_owner: Client) -> None:
    """Art. 7(3) RODO, art. 400 PKE: the same form, the same fields, one button; and no more is asked."""
    client = client_of(agency)
    path = f"/klienci/{client.pk}/zgody/"
    said = {"channel": "phone", "source": "telefon", "said_on": TODAY().isoformat()}
    as_owner.post(path, {"step": "consent", **said})
    as_owner.post(path, {"step": "withdrawal", **said})
    client.refresh_from_db()
    assert client.marketing_consent_at is None
    assert client.consent_history.count() == 2


def test_rodo_art_7_3_the_wording_tells_how_to_withdraw(agency: Agency) -> None:
    """Art. 7(3) RODO: the data subject is informed of it before giving consent. Art. 398 PKE: of which channel."""
    text = suggestion_for(agency)
    for told in (agency.name, "SMS", "wycofać w każdej chwili", "STOP", agency.email):
        assert told in text
    assert len(text) <= 1000


def test_rodo_art_7_3_withdrawal_does_not_touch_what_was_sent_before(
    sender: Sender, scripted: UseGateway
) -> None:
    """Art. 7(3) RODO: what was lawful stays lawful, so the message keeps the consent it was sent on."""
    scripted(accepted)
    client = client_of(sender.agency)
    step = consent_of(client)
    (message,) = send(sender, offer_to(sender, client))
    opt_out_numbers(agency=sender.agency, phones=[client.phone], said=Said(channel="sms"))
    message.refresh_from_db()
    assert (message.state, message.consent) == ("sent", step)


def test_rodo_art_21_3_who_objects_gets_no_more_messages(
    sender: Sender, scripted: UseGateway
) -> None:
    """Art. 21(2) and (3) RODO: after an objection nothing goes but what the contract needs."""
    scripted(accepted)
    client = client_of(sender.agency)
    consent_of(client)
    opt_out_numbers(agency=sender.agency, phones=[client.phone], said=Said(channel="sms"))
    assert send(sender, sender.draft([client.pk])) == []
    assert send(sender, offer_to(sender, client)) == []
    contractual = sender.draft([client.pk])
    Campaign.objects.filter(pk=contractual.pk).update(is_contractual=True)
    contractual.refresh_from_db()
    assert len(send(sender, contractual)) == 1


def test_rodo_art_21_5_the_objection_is_made_by_the_same_means(
    client: Client, sender: Sender, scripted: UseGateway
) -> None:
    """Art. 21(5) RODO: by automated means; art. 400 PKE: simple and free. Answering STOP is enough."""
    scripted(accepted)
    SenderName.objects.create(name="48500000001", state="authorised", is_replyable=True)
    person = client_of(sender.agency)
    draft = sender.draft([person.pk])
    Campaign.objects.filter(pk=draft.pk).update(sender="48500000001")
    draft.refresh_from_db()
    (message,) = send(sender, draft)
    said = {
        "sms_from": person.phone.removeprefix("+"),
        "sms_to": "48500000001",
        "sms_text": "stop",
        "sms_date": "",
        "MsgId": message.provider_id,
    }
    client.post("/mo/smsapi/demo-callback/", said)
    person.refresh_from_db()
    assert person.opted_out_at is not None
    assert IncomingMessage.objects.get().is_opt_out


def test_rodo_art_21_3_the_objection_outlives_the_client_s_row(
    sender: Sender, scripted: UseGateway
) -> None:
    """Art. 21(3) RODO: somebody who is deleted and imported again has not changed their mind."""
    person = client_of(sender.agency)
    opt_out_numbers(agency=sender.agency, phones=[person.phone], said=Said(channel="sms"))
    person.delete()
    again = client_of(sender.agency)
    assert again.opted_out_at is not None
    assert send(sender, sender.draft([again.pk])) == []


def test_rodo_art_21_3_an_objection_that_is_taken_back_leaves_its_reason(
    agency: Agency, owner: User
) -> None:
    """Art. 5(2) and 21(3) RODO: at the client's wish only, which can be shown; consent stays withdrawn."""
    person = client_of(agency)
    consent_of(person)
    opt_out_numbers(agency=agency, phones=[person.phone], said=Said(channel="sms"))
    let_in_number(agency.opted_out_numbers.get(), reason="prosi o SMS", recorded_by=owner)
    person.refresh_from_db()
    assert (person.opted_out_at, person.marketing_consent_at) == (None, None)
    newest = agency.opt_out_steps.latest("pk")
    assert (newest.is_out, newest.source, newest.recorded_by) == (False, "prosi o SMS", owner)


def test_rodo_art_4_11_the_consent_is_to_one_agency(agency: Agency, other_agency: Agency) -> None:
    """Art. 4(11) RODO: specific. Consents and objections of one agency say nothing to another."""
    own, foreign = client_of(agency), client_of(other_agency)
    consent_of(own)
    opt_out_numbers(agency=agency, phones=[own.phone], said=Said(channel="sms"))
    foreign.refresh_from_db()
    assert (foreign.opted_out_at, foreign.marketing_consent_at) == (None, None)


def test_rodo_art_7_1_nobody_consents_in_the_future(agency: Agency, as_owner: Client) -> None:
    """Art. 7(1) RODO: a consent has been given. A day to come is a slip, and would prove nothing."""
    later = (TODAY() + timedelta(days=1)).isoformat()
    path = f"/klienci/{client_of(agency).pk}/zgody/"
    as_owner.post(path, {"step": "consent", "channel": "paper", "source": "x", "said_on": later})
    assert not ContactConsent.objects.exists()


def test_rodo_art_5_1_c_numbers_and_texts_stay_out_of_the_audit_trail(
    agency: Agency, as_owner: Client
) -> None:
    """Art. 5(1)(c) RODO: the trail tells that something was done, and needs nobody's number for it."""
    as_owner.post(
        "/klienci/rezygnacje/dodaj/", {"numbers": "600100200", "channel": "phone", "source": "x"}
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM accounts_event")
        assert all("600100200" not in subject for (subject,) in cursor.fetchall())


def test_a_draft_to_nobody_who_may_get_it_says_so(agency: Agency, as_owner: Client) -> None:
    """Art. 398 PKE: the agent is told who is left out, and that consent is what is missing."""
    draft = draft_for(agency, client_of(agency))
    Campaign.objects.update(category="marketing")
    page = text_of(as_owner.get(f"/wysylki/{draft.pk}/"))
    assert "Nobody can get this message" in page
    assert "1 – no consent to marketing" in page
