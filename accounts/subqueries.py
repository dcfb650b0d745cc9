"""Figures of several tables, asked for in one query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Subquery
from django.db.models.expressions import Combinable

from accounts.models import User


def figures_of(person: User, figures: Mapping[str, Combinable]) -> dict[str, Any]:
    """Each of the figures by its name; the person stands for the one row that they are columns of."""
    return dict(User.objects.filter(pk=person.pk).values(**figures).get())


class RowCount(Subquery):
    """How many rows a query finds."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = BigIntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk"))


class Total(Subquery):
    """The sum of a whole-numbered column over the rows that a query finds; None of no rows."""

    template = "(SELECT CAST(SUM(summed) AS bigint) FROM (%(subquery)s) AS rows_summed)"
    output_field = BigIntegerField()

    def __init__(self, rows: QuerySet[Any], column: str) -> None:
        super().__init__(rows.order_by().annotate(summed=F(column)).values("summed"))


class Smallest(Subquery):
    """The smallest value of a column among the rows that a query finds; None of no rows."""

    def __init__(self, rows: QuerySet[Any], column: str) -> None:
        super().__init__(rows.order_by(column).values(column)[:1])
