"""From a template's body and a client's data to the text that is sent.

A body is text with `{field}` in it; a brace has no other use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from messaging.merge_fields import MERGE_FIELDS, SAMPLE_VALUES
from messaging.normalising import Replacement, find_replacements, normalise
from messaging.segments import count_parts
from messaging.template_types import TemplateType

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_PARTS = 10  # what the gateways take as one message

_FIELD = re.compile(r"\{([^{}]*)\}")


class UnknownField(ValueError):
    """A body names a field that does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnbalancedBrace(ValueError):
    """A body has a brace without its counterpart, at the index `position`."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class MissingData(ValueError):
    """A text would have a hole: these of its fields have no value."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class ReadyValues(dict[str, str]):
    """Values by field name that went through `ready_value`: composing a text has nothing left to check but holes."""

    __slots__ = ()

    @classmethod
    def of(cls, *mappings: Mapping[str, str]) -> ReadyValues:
        """The values of all the mappings, a later one's before an earlier one's."""
        return cls((name, ready_value(text)) for each in mappings for name, text in each.items())


def ready_value(value: str) -> str:
    """The value as it is sent; empty if nothing would be seen of it."""
    if value.isascii() and value.isprintable() and "`" not in value:
        return "" if value.isspace() else value
    return _replaced(value)


@lru_cache(maxsize=8192)
def _replaced(value: str) -> str:
    return "" if (text := normalise(value)).isspace() else text


@dataclass(frozen=True, slots=True)
class CompiledBody:
    """A body made ready for many clients: `fields` in the order of their first use."""

    fields: tuple[str, ...]
    # The values of each use of a field, and the text with them filled in: in C, since this runs for every message.
    _pick: Callable[[Mapping[str, str]], tuple[str, ...]]
    _fill: Callable[[tuple[str, ...]], str]

    def missing(self, values: ReadyValues) -> tuple[str, ...]:
        """The fields of the body that have no value."""
        return tuple([name for name in self.fields if not values.get(name)])

    def render(self, values: ReadyValues) -> str:
        """The text as it is sent, normalised. Raises MissingData rather than leave a hole.

        About twenty times as fast as a Django template (bin/bench counting).
        """
        try:
            picked = self._pick(values)
        except KeyError:
            raise MissingData(self.missing(values)) from None
        if "" in picked:
            raise MissingData(self.missing(values))
        text = self._fill(picked)
        # Letters of another alphabet can compose with what stands beside them; nothing else is left to replace.
        return text if text.isascii() else normalise(text)


@dataclass(frozen=True, slots=True)
class BodyProblem:
    """Why a body cannot be saved; `replacements` are the forbidden characters, if it is those."""

    code: str
    message: StrOrPromise
    replacements: tuple[Replacement, ...] = ()


def compile_body(body: str) -> CompiledBody:
    """Raises UnbalancedBrace or UnknownField, whichever a reader would meet first of its kind."""
    _check_braces(body)
    pieces = _FIELD.split(body)
    texts, uses = [normalise(text) for text in pieces[::2]], pieces[1::2]
    for name in uses:
        if name not in MERGE_FIELDS:
            raise UnknownField(name)
    return CompiledBody(
        fields=tuple(dict.fromkeys(uses)),
        _pick=_picker(uses),
        _fill="%s".join(text.replace("%", "%%") for text in texts).__mod__,
    )


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """What takes the values of these names out of a mapping, always as a tuple. It raises KeyError."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])


def validate_body(body: str, kind: TemplateType = TemplateType.OWN) -> list[BodyProblem]:
    """Everything to mend in a template's body, as a form shows it; an empty list if it can be saved."""
    if not body.strip():
        return [BodyProblem("empty", _("Write the text of the message."))]
    problems = [*_brace_problems(body), *_field_problems(body, kind), *_character_problems(body)]
    return problems or list(_length_problems(body))


def _check_braces(body: str) -> None:
    without_fields = _FIELD.sub(lambda match: " " * len(match[0]), body)
    if stray := re.search(r"[{}]", without_fields):
        raise UnbalancedBrace(stray.start())


def _brace_problems(body: str) -> Iterator[BodyProblem]:
    try:
        _check_braces(body)
    except UnbalancedBrace:
        yield BodyProblem(
            "unbalanced_brace",
            _("A brace { or } stands alone. Braces are only used around the name of a field."),
        )


def _field_problems(body: str, kind: TemplateType) -> Iterator[BodyProblem]:
    offered = {field.name for field in kind.fields}
    for name in dict.fromkeys(_FIELD.findall(body)):
        field = "{" + name + "}"
        if name not in MERGE_FIELDS:
            yield BodyProblem(
                "unknown_field", format_lazy(_("There is no field {field}."), field=field)
            )
        elif name not in offered:
            # It would speak of whatever policy or vehicle comes first, not of the one the message is about.
            message = format_lazy(
                _("The field {field} does not go with the type “{type}”."),
                field=field,
                type=kind.label,
            )
            yield BodyProblem("field_of_another_type", message)


def _character_problems(body: str) -> Iterator[BodyProblem]:
    if not (found := find_replacements(body)):
        return
    characters = ", ".join(dict.fromkeys(map(_offer, found)))
    message = format_lazy(
        _("These characters may not be used in an SMS: {characters}"), characters=characters
    )
    yield BodyProblem("forbidden_characters", message, tuple(found))


def _offer(found: Replacement) -> str:
    """A forbidden character with what may stand for it."""
    return f"{found.character} → {found.replacement}" if found.replacement else found.character


def _length_problems(body: str) -> Iterator[BodyProblem]:
    parts = count_parts(compile_body(body).render(ReadyValues.of(SAMPLE_VALUES)))
    if parts > MAX_PARTS:
        message = format_lazy(
            _("With usual data the message has {parts} parts; at most {limit} are allowed."),
            parts=parts,
            limit=MAX_PARTS,
        )
        yield BodyProblem("too_long", message)
