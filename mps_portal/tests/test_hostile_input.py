"""Every form of every page, sent with what no form expects: there is an answer, never an error of the portal's."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve

from mps_portal.tests.everybody import Walk, visit
from mps_portal.tests.test_roles_walk import TABLE

VALUES = {
    "nothing": "",
    "zero byte": "a\0b",
    "very long": "A" * 6000,
    "emoji": "😀" * 70,
    "right to left, and a tag": "\u202e<script>alert(1)</script>",
    "negative": "-1",
    "twenty digits": "1" + "0" * 20,
    "more than 64 bits": "9223372036854775808",
    "more than 32 bits": "2147483648",
    "not a number": "NaN",
    "digits of other scripts": "²٣",
    "no such day": "2026-02-31",
    "last year": "9999-12-31",
    "hour that is left out": "2026-03-29T02:30",
    "braces": "{imie}{nieznane}{",
    "lines": "\r\nBcc: x@example.com\r\n",
    "formula": "=HYPERLINK(1)",
}
FILES = {
    "empty": b"",
    "zeros": bytes(400),
    "broken zip": b"PK\x03\x04" + b"rubbish" * 40,
    "broken pdf": b"%PDF-1.7 rubbish",
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "half a statement": b":20:A\r\n:25:PL\r\n:60F:C261101PLN1,00\r\n:61:26",
    "ragged table": b"a;b\n1\n2;3;4\n\x81;\xff\n",
}


class Field(NamedTuple):
    name: str
    kind: str
    value: str


class Form(NamedTuple):
    address: str
    method: str
    fields: tuple[Field, ...]


class _Forms(HTMLParser):
    """The forms of a page with their fields; a select's value is its first option's."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[Field]]] = []
        self._is_in_form = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_in_form = True
            self.found.append((said.get("action", ""), said.get("method", "get").lower(), []))
        elif self._is_in_form and tag in ("input", "textarea", "select", "button"):
            self._select = said.get("name", "") if tag == "select" else ""
            if said.get("name"):
                kind = said.get("type", tag)
                self.found[-1][2].append(Field(said["name"], kind, said.get("value", "")))
        elif self._select and tag == "option" and said.get("value"):
            self.found[-1][2][-1] = Field(self._select, "select", said["value"])
            self._select = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in_form = False


def forms_of(html: str, address: str) -> Iterator[Form]:
    parser = _Forms()
    parser.feed(html)
    for action, method, fields in parser.found:
        if method in ("get", "post"):
            path = urlsplit(urljoin(f"http://portal{address}", action or address)).path
            yield Form(path, method, tuple(fields))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "seen_by"), [("visitor", ""), ("owner", "visitor"), ("admin", "owner")]
)
def test_no_form_fails_whatever_is_sent(role: str, seen_by: str, walk: Walk) -> None:
    """All fields with the same rubbish, then each with other kinds of it beside what the others hold.

    The forms that somebody else sees, too, are sent as that one.
    """
    forms = forms_for(role, walk)
    if seen_by:
        theirs = forms_for(seen_by, walk)
        forms = {view: form for view, form in forms.items() if view not in theirs}
    assert len(forms) > 2
    for number, form in enumerate(forms.values()):
        for what, data in sendings(form, number):
            # Whoever sends so much is told to wait; here everything shall be read.
            cache.clear()
            answer = visit(walk.browsers[role], form.method, form.address, data)
            assert answer.status_code < 500, (form.address, what)


def forms_for(role: str, walk: Walk) -> dict[tuple[str, str], Form]:
    """Those on all pages of the role, by view and method, one of each; not the one that logs out."""
    found: dict[tuple[str, str], Form] = {}
    for path in TABLE:
        address = path.format(**walk.ids)
        page = visit(walk.browsers[role], "get", address)
        if page.status_code == 200 and "html" in page.headers.get("Content-Type", ""):
            for form in forms_of(page.content.decode(), address):
                found.setdefault((resolve(form.address).route, form.method), form)
    return {view: form for view, form in found.items() if form.address != "/wylogowanie/"}


def sendings(form: Form, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent, by what it is: of the kinds some, in turn, since all of them with all forms take minutes."""
    usual = {field.name: field.value for field in form.fields if field.kind != "file"}
    files = [field.name for field in form.fields if field.kind == "file"]
    kinds = list(VALUES.items())
    for name, value in kinds[number % 3 :: 3]:
        yield name, dict.fromkeys(usual, value)
    for place, field in enumerate(usual, start=number):
        for name, value in kinds[place % 8 :: 8]:
            yield f"{name} as {field}", {**usual, field: value}
    if form.method == "post":
        for name, content in FILES.items():
            for field in files:
                sent = SimpleUploadedFile("\u202eplik.csv", content)
                yield f"{name} as {field}", {**usual, field: sent}
