"""However a bank's lines are cut into files, and however often and in whatever order these come: the same ledger."""

from __future__ import annotations

from itertools import accumulate

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency
from billing import ledger
from billing.models import BankLine
from billing.statement_import import ImportRefused, import_statement
from billing.tests.books import check_books
from billing.tests.statement_files import statement

CODE = "7K3M-9QW3"
# Day of March and whole złoty: few values, so that genuine twins are common.
LINES = st.lists(
    st.tuples(st.integers(10, 13), st.sampled_from([29, 58])), min_size=1, max_size=8
).map(sorted)


def file_of(lines: list[tuple[int, int]], first: int, last: int) -> bytes:
    """A statement of the lines from `first` up to, not including, `last`."""
    balances = [100, *accumulate((amount for _, amount in lines), initial=100)][1:]
    text = []
    for day, amount in lines[first:last]:
        text += [
            f":61:2603{day}03{day}CN{amount},00NTRFNONREF",
            f":86:020?00PRZELEW?20KOD {CODE}?32ANNA",
        ]
    return statement(
        *text,
        opening=f"C260310PLN{balances[first]},00",
        closing=f"C260313PLN{balances[last]},00",
    ).encode()


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Lines, and the whole days of them that each file holds, in the order of the imports.

    Together the files hold every line; they overlap and repeat at will.
    """
    lines = draw(LINES)
    starts = [n for n in range(len(lines)) if n == 0 or lines[n][0] != lines[n - 1][0]]
    ends = [*starts[1:], len(lines)]
    pieces = draw(
        st.lists(
            st.tuples(st.integers(0, len(starts) - 1), st.integers(0, len(starts) - 1)).map(
                lambda pair: (starts[min(pair)], ends[max(pair)])
            ),
            max_size=4,
        )
    )
    each_day = list(zip(starts, ends, strict=True))
    return lines, draw(st.permutations([*pieces, *each_day]))


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(history=histories())
def test_any_order_overlap_and_repetition_gives_the_same_ledger(
    history: tuple[list[tuple[int, int]], list[tuple[int, int]]],
) -> None:
    lines, pieces = history
    with transaction.atomic():
        agency = Agency.objects.create(
            name="Anna", email="anna@wzor.example", registration_code="7K3M9QW3"
        )
        for number, (first, last) in enumerate(pieces):
            try:
                import_statement(file_of(lines, first, last), f"{number}.sta")
            except ImportRefused:
                # The very bytes were imported before.
                continue
        assert ledger.balance_of(agency) == 100 * sum(amount for _, amount in lines)
        assert BankLine.objects.count() == len(lines)
        check_books()
        transaction.set_rollback(True)
