"""Whom a campaign leaves out, by why: for the person who is about to send it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from messaging.merge_fields import MERGE_FIELDS
from messaging.obstacles import Obstacle
from messaging.recipients import Recipient

# Names that the page itself shows of each group; the others are on demand.
SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The clients who get nothing for one reason."""

    obstacle: Obstacle
    clients: list[Recipient]

    @property
    def shown(self) -> list[Recipient]:
        return self.clients[:SHOWN_NAMES]

    @property
    def missing(self) -> str:
        """The fields that somebody of them lacks, where that is why; else nothing."""
        names = dict.fromkeys(name for client in self.clients for name in client.missing)
        return _labels(names) if self.obstacle == Obstacle.MISSING_DATA else ""

    @property
    def num_more(self) -> int:
        return max(len(self.clients) - SHOWN_NAMES, 0)


def by_obstacle(clients: Iterable[Recipient]) -> list[LeftOut]:
    """Each reason that somebody is left out for, in the order in which they are looked for."""
    groups: dict[Obstacle, list[Recipient]] = defaultdict(list)
    for client in clients:
        if client.obstacle:
            groups[client.obstacle].append(client)
    return [LeftOut(obstacle, groups[obstacle]) for obstacle in Obstacle if obstacle in groups]


def missing_fields(client: Recipient) -> str:
    """The fields that are empty, where that is why; else nothing."""
    if client.obstacle != Obstacle.MISSING_DATA:
        return ""
    return _labels(client.missing)


def _labels(names: Iterable[str]) -> str:
    return ", ".join(str(MERGE_FIELDS[name].label) for name in names)
