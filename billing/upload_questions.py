"""What a person is asked about a statement: how its letters are written, and what the columns of its table are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text_encoding import ENCODINGS, decode, spellings
from billing import csv_layouts
from billing.forms import AmountField
from billing.models import StatementUpload
from billing.statement_uploads import ENCODING, Answers
from billing.statements.csv_columns import SEVERAL, SKIP, Column, guess_columns
from billing.statements.other_csv import Table, find_table, first_rows, names_account

# Lines of the table that are shown.
NUM_EXAMPLES = 3
_AMOUNTS = (Column.CREDIT, Column.DEBIT)


@dataclass(frozen=True, slots=True)
class Question:
    """The file as its person sees it: spelled in each encoding, and its table, if that is what it asks about."""

    encoding: str
    spellings: dict[str, list[str]]
    table: Table | None
    columns: list[str]
    examples: list[list[str]]
    names_account: bool

    def examples_of(self, place: int) -> list[str]:
        """What stands in a column."""
        return [row[place] for row in self.examples if row[place]]


def question_of(upload: StatementUpload) -> Question:
    """Read from the file what can be asked, with what was answered or guessed so far."""
    content, answers = bytes(upload.content), Answers(**upload.answers)
    decoded = decode(content, answers.encoding)
    table = None if upload.reason == ENCODING else find_table(decoded.text)
    columns = _columns(table, answers) if table else []
    return Question(
        encoding=decoded.encoding,
        spellings=spellings(content),
        table=table,
        columns=columns,
        examples=first_rows(decoded.text, table, NUM_EXAMPLES) if table else [],
        names_account=not table or names_account(table, columns, settings.SELLER_ACCOUNT),
    )


def _columns(table: Table, answers: Answers) -> list[str]:
    known = csv_layouts.remembered().get(table.layout)
    if table.layout == answers.layout:
        known = answers.columns
    return list(known or guess_columns(table.headers))


class AnswerForm(forms.Form):
    """How a file is to be read; `answers()` of a valid form."""

    encoding = forms.ChoiceField(
        label=_("How its letters are written"),
        choices=list(ENCODINGS.items()),
        widget=forms.RadioSelect,
    )

    def __init__(self, question: Question, answers: Answers, data: Any = None) -> None:
        super().__init__(data, initial={"encoding": question.encoding})
        self._question = question
        if question.table is None:
            return
        choices = [(SKIP, _("– skip –")), *Column.choices]
        for place, header in enumerate(question.table.headers):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=header or _("(no header)"),
                choices=choices,
                required=False,
                initial=question.columns[place],
            )
        self.fields["opening"] = AmountField(
            label=_("Balance before the first line"),
            required=False,
            initial=_typed(answers.opening),
        )
        self.fields["closing"] = AmountField(
            label=_("Balance after the last line"), required=False, initial=_typed(answers.closing)
        )
        if not question.names_account:
            self.fields["is_vouched"] = forms.BooleanField(
                label=_("The file is of the account %(account)s")
                % {"account": settings.SELLER_ACCOUNT},
                required=False,
                initial=answers.is_vouched,
            )

    def column_fields(self) -> list[tuple[forms.BoundField, list[str]]]:
        """The choice of each column with what stands in it."""
        places = range(len(self._question.columns))
        return [(self[f"column_{place}"], self._question.examples_of(place)) for place in places]

    def spellings(self) -> list[tuple[str, str, list[str]]]:
        """Each encoding, what people call it, and the first lines in it."""
        lines = self._question.spellings
        return [(name, label, lines[name]) for name, label in ENCODINGS.items()]

    def answers(self) -> Answers:
        """What a valid form says."""
        table, cleaned = self._question.table, self.cleaned_data
        return Answers(
            encoding=cleaned["encoding"],
            layout=table.layout if table else "",
            columns=self._chosen(),
            is_vouched=cleaned.get("is_vouched", False),
            opening=cleaned.get("opening"),
            closing=cleaned.get("closing"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self._question.table is None or self.errors:
            return cleaned
        columns = self._chosen()
        self._check_columns(columns)
        self._check_proof(set(columns))
        return cleaned

    def _chosen(self) -> list[str]:
        places = range(len(self._question.columns))
        return [self.cleaned_data[f"column_{place}"] for place in places]

    def _check_columns(self, columns: Sequence[str]) -> None:
        for place, column in enumerate(columns):
            if column and column not in SEVERAL and column in columns[:place]:
                self.add_error(
                    f"column_{place}", ValidationError(_("Another column is this."), code="twice")
                )
        chosen = set(columns)
        if Column.BOOKED_ON not in chosen:
            self.add_error(None, _("Choose the column of the day on which the bank booked."))
        if Column.TITLE not in chosen:
            self.add_error(None, _("Choose the column of the title: it holds the code."))
        if Column.AMOUNT in chosen and chosen & set(_AMOUNTS):
            self.add_error(None, _("Amounts have a sign or columns of their own, not both."))
        if Column.AMOUNT not in chosen and not chosen & set(_AMOUNTS):
            self.add_error(None, _("Choose the column of the amount."))

    def _check_proof(self, chosen: set[str]) -> None:
        must_vouch = "is_vouched" in self.fields and Column.OWN_ACCOUNT not in chosen
        if must_vouch and not self.cleaned_data.get("is_vouched"):
            self.add_error("is_vouched", _("The file does not say so: you have to."))
        if Column.BALANCE in chosen:
            return
        for name in ("opening", "closing"):
            if self.cleaned_data.get(name) is None and name not in self.errors:
                self.add_error(
                    name, _("The file has no column of balances: copy it from the bank.")
                )


def _typed(grosze: int | None) -> str | None:
    return None if grosze is None else f"{grosze / 100:.2f}".replace(".", ",")
