"""How many SMS parts a text would have for the agency's own clients: counted on the whole book, while it is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from accounts.models import Agency
from messaging.composing import CompiledBody, MissingData
from messaging.merge_data import book_rows
from messaging.merge_fields import TYPED_FIELDS
from messaging.obstacles import Obstacle, obstacle_to
from messaging.segments import count_parts
from messaging.template_types import TemplateType

_SAMPLES = {name: field.sample for name, field in TYPED_FIELDS.items()}


@dataclass(frozen=True, slots=True)
class BookCounts:
    """Numbers of clients: by the parts of their text, and by what keeps them from getting one."""

    by_parts: list[tuple[int, int]]
    left_out: list[tuple[Obstacle, int]]

    @property
    def num_clients(self) -> int:
        """All whom the type concerns."""
        return self.num_messages + sum(number for _, number in self.left_out)

    @property
    def num_messages(self) -> int:
        return sum(number for _, number in self.by_parts)

    @property
    def num_parts(self) -> int:
        return sum(parts * number for parts, number in self.by_parts)


def count_book(
    agency: Agency,
    kind: TemplateType,
    body: CompiledBody,
    *,
    category: str,
    is_contractual: bool = False,
) -> BookCounts:
    """Compose the text for every client whom the type concerns; what is typed for a campaign is made up.

    Each is told apart by the first obstacle, in the order of messaging/obstacles.py.
    """
    parts: Counter[int] = Counter()
    left_out: Counter[Obstacle] = Counter()
    typed = {name: _SAMPLES[name] for name in body.fields if name in _SAMPLES}
    for row in book_rows(agency, kind, body.fields):
        if obstacle := obstacle_to(row, category, is_contractual=is_contractual):
            left_out[obstacle] += 1
            continue
        row.values.update(typed)
        try:
            text = body.render(row.values)
        except MissingData:
            left_out[Obstacle.MISSING_DATA] += 1
        else:
            parts[count_parts(text)] += 1
    return BookCounts(
        by_parts=sorted(parts.items()),
        left_out=[(obstacle, left_out[obstacle]) for obstacle in Obstacle if left_out[obstacle]],
    )
