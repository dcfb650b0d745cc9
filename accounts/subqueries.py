"""Figures of several tables as parts of one query."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Subquery


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
