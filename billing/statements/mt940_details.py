"""Read what an MT940 statement tells about a line: title, other side, the bank's reference.

Banks write this field (:86:) in two ways: numbered subfields behind a separator of their choice
(~ mBank and PKO BP, ^ Pekao, < Millennium, ? others), or text with labels (mBank CompanyNet).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from billing.statements.account_numbers import normalise_account
from billing.statements.mt940_fields import Field

_SEPARATOR = re.compile(r"\s*[0-9A-Z]{0,4}([~^<?+])\d\d")
_BEHIND_TITLE = r"DATA STEMPLA|DATA NOSTRO|WALUTA|KWOTA|KURS|REF\. KLIENTA|REF\. MT103|TNR"
_LABEL = re.compile(
    rf"(?:^|;)\s*(Z RACH\.|NA RACH\.|OD|DLA|ID IPH|{_BEHIND_TITLE})\s*:", re.IGNORECASE
)
_TITLE = re.compile(
    rf"(?:^|;)\s*TYT\.\s*:(?P<title>.*?)(?:;\s*(?:{_BEHIND_TITLE})\s*:|$)",
    re.IGNORECASE | re.DOTALL,
)
_TRANSACTION_NUMBER = re.compile(r"(?:^|;)\s*TNR\s*:\s*([0-9.]+)\s*$", re.IGNORECASE)
_OPERATION_CODE = re.compile(r"^\d{2,3} ")

SUBFIELD_WIDTH = 27
LABELLED_WIDTH = 65
_KIND = "00"
_NAMES = ("32", "33")
_ACCOUNTS = ("38", "29", "26", "31")
# Millennium (<) puts the account and the name into 26-29, which continue the title elsewhere.
_SHORT_TITLES = tuple(str(number) for number in range(20, 26))
_TITLES = tuple(str(number) for number in range(20, 29))


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of the other side; empty text where the bank says nothing."""

    title: str = ""
    name: str = ""
    account: str = ""
    reference: str = ""


def read_details(fields: Sequence[Field]) -> Details:
    """Read the :86: fields of one line: mBank retail writes two, the first without details."""
    for each in fields:
        text = "".join(each.lines)
        if separator := _SEPARATOR.match(text):
            return _from_subfields(text, separator[1])
    return _from_labels(" ".join(_unwrap(each.lines) for each in fields))


def _from_subfields(text: str, separator: str) -> Details:
    """Line ends go first: banks that break lines anywhere break the numbers, too."""
    subfields: dict[str, str] = {}
    _, *pairs = re.split(re.escape(separator) + r"(\d\d)", text)
    for number, value in zip(pairs[::2], pairs[1::2], strict=True):
        subfields.setdefault(number, value)
    titles = _SHORT_TITLES if separator == "<" else _TITLES
    return Details(
        title=_join(subfields, titles) or _join(subfields, (_KIND,)),
        name=_join(subfields, _NAMES),
        account=next(
            filter(None, (normalise_account(subfields.get(each, "")) for each in _ACCOUNTS)), ""
        ),
    )


def _join(subfields: dict[str, str], numbers: Sequence[str]) -> str:
    """Full subfields continue in the next one in mid-word; shorter ones lost a space at the end."""
    values = [subfields[number] for number in numbers if subfields.get(number)]
    return " ".join("".join(value.ljust(SUBFIELD_WIDTH) for value in values).split())


def _from_labels(text: str) -> Details:
    title = _TITLE.search(text)
    head, *pairs = _LABEL.split(text[: title.start()] if title else text)
    found: dict[str, str] = {}
    for label, value in zip(pairs[::2], pairs[1::2], strict=True):
        # The first of equal labels is the bank's: a later one is in the payer's name.
        found.setdefault(label.upper(), " ".join(value.split()))
    number = _TRANSACTION_NUMBER.search(text)
    if title or pairs:
        head = _OPERATION_CODE.sub("", head).split(";")[0]
    return Details(
        title=" ".join((title["title"] if title else head).split()),
        name=found.get("OD") or found.get("DLA", ""),
        account=normalise_account(found.get("Z RACH.") or found.get("NA RACH.", "")),
        reference=number[1] if number else "",
    )


def _unwrap(lines: Sequence[str]) -> str:
    """Put back the spaces that editors take off the ends of wrapped lines."""
    text = "".join(line if len(line) >= LABELLED_WIDTH else f"{line.rstrip()} " for line in lines)
    return text.strip()
