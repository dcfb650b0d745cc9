"""From a template's body and a client's data to the text that is sent.

A body is text with `{field}` in it; a brace has no other use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from messaging.merge_fields import MERGE_FIELDS, SAMPLE_VALUES
from messaging.normalising import Replacement, find_replacements, normalise
from messaging.segments import count_parts

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


@dataclass(frozen=True, slots=True)
class CompiledBody:
    """A body made ready for many clients: `fields` in the order of their first use."""

    fields: tuple[str, ...]
    pattern: str  # for the % operator, the fastest safe way to fill in a text

    def missing(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The fields of the body that have no value, or a blank one."""
        return tuple([name for name in self.fields if not values.get(name, "").strip()])

    def render(self, values: Mapping[str, str]) -> str:
        """The text as it is sent, normalised. Raises MissingData rather than leave a hole."""
        if not self._is_complete(values):
            raise MissingData(self.missing(values))
        return normalise(self.pattern % values)

    def _is_complete(self, values: Mapping[str, str]) -> bool:
        # map() keeps the loop in C: this runs for every message of a campaign.
        try:
            return all(map(str.strip, map(values.__getitem__, self.fields)))
        except KeyError:
            return False


@dataclass(frozen=True, slots=True)
class BodyProblem:
    """Why a body cannot be saved; `replacements` are the forbidden characters, if it is those."""

    code: str
    message: StrOrPromise
    replacements: tuple[Replacement, ...] = ()


def compile_body(body: str) -> CompiledBody:
    """Raises UnbalancedBrace or UnknownField, whichever a reader would meet first of its kind."""
    _check_braces(body)
    names = list(dict.fromkeys(_FIELD.findall(body)))
    for name in names:
        if name not in MERGE_FIELDS:
            raise UnknownField(name)
    return CompiledBody(tuple(names), _FIELD.sub(r"%(\1)s", body.replace("%", "%%")))


def validate_body(body: str) -> list[BodyProblem]:
    """Everything to mend in a body, as a form shows it; an empty list if it can be saved."""
    if not body.strip():
        return [BodyProblem("empty", _("Write the text of the message."))]
    problems = [*_brace_problems(body), *_field_problems(body), *_character_problems(body)]
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


def _field_problems(body: str) -> Iterator[BodyProblem]:
    for name in dict.fromkeys(_FIELD.findall(body)):
        if name not in MERGE_FIELDS:
            message = format_lazy(_("There is no field {field}."), field="{" + name + "}")
            yield BodyProblem("unknown_field", message)


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
    parts = count_parts(compile_body(body).render(SAMPLE_VALUES))
    if parts > MAX_PARTS:
        message = format_lazy(
            _("With usual data the message has {parts} parts; at most {limit} are allowed."),
            parts=parts,
            limit=MAX_PARTS,
        )
        yield BodyProblem("too_long", message)
