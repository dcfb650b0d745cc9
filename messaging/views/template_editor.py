"""What the template editor asks for while somebody writes: the phone, the numbers of the book, clients, a test."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.closing import AgencyClosed
from accounts.roles import Permission
from billing import ledger
from billing.money import format_amount
from messaging import own_phone
from messaging.book_counts import count_book
from messaging.campaigns import CostChanged
from messaging.categories import Category
from messaging.composing import MAX_PARTS, compile_body, validate_body
from messaging.contact_search import Criteria, first_matches
from messaging.merge_fields import MERGE_FIELDS
from messaging.models import Contact, MessageTemplate, SenderName
from messaging.normalising import tidy_typography
from messaging.offer_words import offer_words
from messaging.sender_names import choices_for, sender_for
from messaging.sending_limits import MonthlyLimitReached
from messaging.template_forms import TestMessageForm
from messaging.template_preview import Example, example_of
from messaging.template_types import MARKETING_TYPES, TemplateType
from messaging.views.selection import posted_numbers

MAX_BODY = 1600  # characters, as saved
# Clients offered to look through the eyes of; more is a reason to type on.
MOST_CLIENTS = 8


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def preview(request: UserRequest) -> HttpResponse:
    """The phone with the text being written, as the chosen client would see it; nothing is saved."""
    template = written_template(request)
    context = preview_context(template, chosen_client(request))
    context["with_test_button"] = _has_other_test_button(request, context.get("example"))
    return render(request, "messaging/_preview.html", context)


def _has_other_test_button(request: UserRequest, example: object) -> bool:
    """Whether the editor's button for a test message names another price than it should.

    A press of it ends the typing, which asks for a preview: a button that comes anew between press and release is not
    clicked. A text of one's own has no such button.
    """
    cost = str(example.cost) if isinstance(example, Example) else ""
    return "own_text" not in request.POST and request.POST.get("test_cost", "") != cost


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def book(request: UserRequest) -> HttpResponse:
    """How many parts the text being written has for the agency's own clients."""
    template = written_template(request)
    kind = TemplateType(template.type)
    context: dict[str, object] = {"kind": kind}
    if not validate_body(template.body, kind):
        context["counts"] = count_book(
            template.agency,
            kind,
            compile_body(template.body),
            category=template.category,
            is_contractual=template.is_contractual,
        )
    return render(request, "messaging/_book_counts.html", context)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def clients(request: UserRequest) -> HttpResponse:
    """The first of the agency's clients whom the typed words find."""
    text = request.GET.get("q", "")[:200].strip()
    agency = agency_of(request)
    found = Contact.objects.none()
    if text:
        ids, _all = first_matches(agency, Criteria(text=text))
        found = agency.contacts.filter(pk__in=ids).order_by("search_name", "id")[:MOST_CLIENTS]
    return render(request, "messaging/_client_choices.html", {"clients": found, "text": text})


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def send_test(request: UserRequest) -> HttpResponse:
    """Wyślij próbny SMS: the text being written to one's own phone, for the cost that was shown."""
    form = TestMessageForm(request.POST)
    template = written_template(request)
    kind = TemplateType(template.type)
    if not form.is_valid():
        reasons = form.errors.get("test_phone") or form.errors["test_cost"]
        return _test_result(request, refusal=str(reasons[0]))
    if validate_body(template.body, kind) or len(template.body) > MAX_BODY:
        return _test_result(request, refusal=_("Mend the text first."))
    client = chosen_client(request)
    example = example_of(template.agency, kind, template.body, client.pk if client else None)
    if example.measure.parts > MAX_PARTS:
        return _test_result(request, refusal=_("With this client's data the text is too long."))
    try:
        sent = own_phone.send_test(
            template=template,
            example=example,
            phone=form.cleaned_data["test_phone"],
            expected_cost=form.cleaned_data["test_cost"],
            sent_by=request.user,
        )
    except _REFUSALS as error:
        return _test_result(request, refusal=_why_not(error))
    return _test_result(request, sent=sent)


def written_template(request: UserRequest) -> MessageTemplate:
    """What the editor holds, unsaved and perhaps not valid; what cannot be is as if it were not chosen."""
    agency = agency_of(request)
    posted = request.POST
    kind = posted.get("type", "")
    kind = TemplateType(kind) if kind in TemplateType.values else TemplateType.OWN
    is_marketing = kind in MARKETING_TYPES or posted.get("category") == Category.MARKETING
    senders = {pk for pk, _label in choices_for(agency) if pk is not None}.intersection(
        posted_numbers(request, "sender_name")
    )
    return MessageTemplate(
        agency=agency,
        # PostgreSQL takes no NUL.
        name=posted.get("name", "").replace("\0", "").strip()[:80] or str(kind.label),
        type=kind,
        category=Category.MARKETING if is_marketing else Category.SERVICE,
        is_contractual=not is_marketing and "is_contractual" in posted,
        sender_name=SenderName.objects.filter(pk__in=senders).first(),
        body=tidy_typography(posted.get("body", ""))[0],
    )


def chosen_client(request: UserRequest) -> Contact | None:
    """The agency's own client through whose eyes the text is seen, if one was chosen."""
    ids = posted_numbers(request, "client")
    return agency_of(request).contacts.filter(pk__in=ids[:1]).first()


def preview_context(template: MessageTemplate, client: Contact | None) -> dict[str, object]:
    """What _preview.html shows: the composed text's parts and price, or why there is none."""
    kind = TemplateType(template.type)
    if problems := validate_body(template.body, kind):
        return {"problems": problems, "chosen": client}
    example = example_of(template.agency, kind, template.body, client.pk if client else None)
    is_service = template.category == Category.SERVICE
    return {
        "chosen": client,
        "example": example,
        "missing": [MERGE_FIELDS[name].label for name in example.missing],
        "sender": sender_for(template.agency, template.sender_name),
        "offer_words": offer_words(template.body) if is_service else [],
        "num_tests_left": own_phone.num_tests_left(template.agency),
    }


_REFUSALS = (
    CostChanged,
    own_phone.TooManyTests,
    own_phone.NotToThisNumber,
    MonthlyLimitReached,
    AgencyClosed,
    ledger.InsufficientBalance,
)


def _why_not(error: Exception) -> str:
    match error:
        case CostChanged():
            return _("The cost has changed since you saw it. Look at it again.")
        case own_phone.TooManyTests():
            return _("You have sent %(count)d test messages in 24 hours: that is all.") % {
                "count": own_phone.TESTS_A_DAY
            }
        case own_phone.NotToThisNumber():
            return _("This is a client's number (%(reason)s). Test on your own phone.") % {
                "reason": error.obstacle.label
            }
        case MonthlyLimitReached():
            return _("This is more than you may still send this month.")
        case ledger.InsufficientBalance():
            return _("You need %(amount)s more. Top up your account, then send.") % {
                "amount": format_amount(error.shortfall)
            }
    return _("The account is closed: nothing can be sent from it.")


def _test_result(request: UserRequest, **context: object) -> HttpResponse:
    return render(request, "messaging/_test_result.html", context)
