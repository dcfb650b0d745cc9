"""The filters of the lists of invoices; all of it from the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.folding import fold
from billing.models import Invoice, InvoiceEmail

State = InvoiceEmail.State
# The months of ten years fit into a list.
_MAX_MONTHS = 120


class InvoiceFilterForm(forms.Form):
    """Of an agency's own list: the month and the kind."""

    month = forms.ChoiceField(label=_("Month"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("all")), *Invoice.Kind.choices], required=False
    )

    def __init__(self, data: Any, issued: QuerySet[Invoice]) -> None:
        super().__init__(data)
        self._issued = issued
        found = issued.order_by("-year", "-month").values_list("year", "month").distinct()
        months = [f"{year}-{month:02}" for year, month in found[:_MAX_MONTHS]]
        self.fields["month"].choices = [("", _("all")), *zip(months, months, strict=True)]  # type: ignore[attr-defined]

    @property
    def month_chosen(self) -> tuple[int, int] | None:
        """Year and month, where one is chosen."""
        text = self.cleaned_data.get("month", "")
        return (int(text[:4]), int(text[5:])) if text else None

    @property
    def num_filters(self) -> int:
        return sum(bool(self.cleaned_data.get(name)) for name in self.fields)

    def narrowed(self) -> QuerySet[Invoice]:
        """The invoices that pass, newest first; what makes no sense in the address is no filter."""
        self.is_valid()
        found = self._issued
        if self.month_chosen:
            year, month = self.month_chosen
            found = found.filter(year=year, month=month)
        if kind := self.cleaned_data.get("kind"):
            found = found.filter(kind=kind)
        return found.order_by("-id")


class AllInvoicesFilterForm(InvoiceFilterForm):
    """Of the operator's list: besides, what was typed and how far the mail is."""

    UNSENT = "unsent"

    q = forms.CharField(label=_("Number, agency or NIP"), max_length=100, required=False)
    mail = forms.ChoiceField(
        label=_("E-mail"),
        choices=[
            ("", _("all")),
            (UNSENT, _("not sent yet")),
            (State.FAILED, _("failed")),
        ],
        required=False,
    )

    def narrowed(self) -> QuerySet[Invoice]:
        found = super().narrowed()
        mail = self.cleaned_data.get("mail")
        if mail == self.UNSENT:
            found = found.filter(first_email__in=InvoiceEmail.objects.exclude(state=State.SENT))
        elif mail:
            found = found.filter(first_email__in=InvoiceEmail.objects.filter(state=mail))
        if text := self.cleaned_data.get("q", "").replace("\0", "").strip():
            digits = text.replace("-", "").replace(" ", "")
            found = found.filter(
                Q(number__icontains=text)
                | Q(buyer_nip=digits)
                | Q(agency__search_name__contains=fold(text))
            )
        return found
