"""What a text being written would be: for one client, on the phone, with its price; nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Agency
from billing.prices import price_per_part
from messaging.composing import CompiledBody, ReadyValues, compile_body
from messaging.merge_data import MergeData, merge_data
from messaging.merge_fields import SAMPLE_VALUES, TYPED_FIELDS
from messaging.segments import Measure, measure, split_parts
from messaging.template_types import TemplateType

# The newest clients among whom one is looked for who has all that the text says.
_NEWEST = 100


@dataclass(frozen=True, slots=True)
class Example:
    """A text as somebody would get it. `client` is None for made-up data; `missing` are a client's empty fields."""

    text: str
    client: MergeData | None
    missing: tuple[str, ...]
    # Grosze for each SMS part.
    price: int

    @property
    def measure(self) -> Measure:
        return measure(self.text)

    @property
    def parts(self) -> list[str]:
        return split_parts(self.text)

    @property
    def cost(self) -> int:
        """Grosze."""
        return self.measure.parts * self.price


def example_of(
    agency: Agency, kind: TemplateType, body: str, client_id: int | None = None
) -> Example:
    """The text for the agency's client `client_id`, else for a new one who has all its data, else with made-up data.

    What the client lacks, and what is typed for each campaign, is made up. The body must be valid.
    """
    compiled = compile_body(body)
    client = _client(agency, kind, compiled, client_id)
    made_up = {**SAMPLE_VALUES, "agent": agency.name, "tel_agenta": agency.phone}
    if agency.address.strip(" ,"):
        made_up["adres_biura"] = agency.address
    own = {name: value for name, value in client.values.items() if value} if client else {}
    return Example(
        text=compiled.render(ReadyValues.of(made_up, own)),
        client=client,
        missing=_missing(compiled, client) if client else (),
        price=price_per_part(agency),
    )


def _client(
    agency: Agency, kind: TemplateType, body: CompiledBody, client_id: int | None
) -> MergeData | None:
    if client_id is not None and (chosen := _read(agency, kind, body, [client_id])):
        return chosen[0]
    newest = agency.contacts.order_by("-id").values_list("pk", flat=True)[:_NEWEST]
    for client in _read(agency, kind, body, list(newest)):
        if not _missing(body, client):
            return client
    return None


def _read(
    agency: Agency, kind: TemplateType, body: CompiledBody, ids: Sequence[int]
) -> list[MergeData]:
    return list(merge_data(agency, kind, ids, body.fields))


def _missing(body: CompiledBody, client: MergeData) -> tuple[str, ...]:
    return tuple(name for name in body.missing(client.values) if name not in TYPED_FIELDS)
