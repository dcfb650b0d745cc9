"""Long lists, newest first, page by page: from row to row, so that the hundredth page costs what the first does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import QuerySet

from accounts.access import UserRequest
from accounts.typed_numbers import whole_number


class Row(Protocol):
    """An object, or values with names, of which one is pk."""

    @property
    def pk(self) -> Any: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some rows of a list, newest first.

    `before` and `after` are the ids that lead to the older and to the newer rows; None at that end of the list.
    """

    rows: list[R]
    before: int | None = None
    after: int | None = None


def page_of(
    request: UserRequest, rows: QuerySet[Any, R], order: Sequence[str] = ("-pk",)
) -> Page[R]:
    """The page that ?before=ID or ?after=ID asks for; the first one without, or where there is nothing.

    It has as many rows as the person has chosen. `order` may name fields before "-pk" that all rows share: those that
    an index begins with.
    """
    newest_first, size = rows.order_by(*order), request.user.rows_per_page
    before, after = (whole_number(request.GET.get(name)) for name in ("before", "after"))
    if before is not None:
        page = _older(newest_first, size, before)
    elif after is not None:
        page = _newer(newest_first, size, after)
    else:
        return _first(newest_first, size)
    return page if page.rows else _first(newest_first, size)


def _first(rows: QuerySet[Any, R], size: int) -> Page[R]:
    found = list(rows[: size + 1])
    return Page(found[:size], before=_last_of_many(found, size))


def _older(rows: QuerySet[Any, R], size: int, before: int) -> Page[R]:
    found = list(rows.filter(pk__lt=before)[: size + 1])
    return Page(
        found[:size], before=_last_of_many(found, size), after=found[0].pk if found else None
    )


def _newer(rows: QuerySet[Any, R], size: int, after: int) -> Page[R]:
    """The rows just above; nothing where they are the first ones, which are shown as a whole page."""
    found = list(rows.filter(pk__gt=after).reverse()[: size + 1])
    if len(found) <= size:
        return Page([])
    shown = found[:size][::-1]
    return Page(shown, before=shown[-1].pk, after=shown[0].pk)


def _last_of_many(found: list[R], size: int) -> int | None:
    return found[size - 1].pk if len(found) > size else None
