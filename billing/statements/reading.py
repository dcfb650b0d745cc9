"""What a reader of statements may be told beside the file: by its person, or remembered from the last such file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read, as far as it does not say so itself.

    `encoding` is one of `text_encoding.ENCODINGS`, "" to guess. The rest is for tables of banks that we do not know:
    `layouts` gives their columns by `csv_columns.layout_of` their headers; `account` is ours (26 digits), which the
    file must name unless `is_vouched`: a person says that it is the account's. Balances, in grosze, are those that the
    person copies from the bank where the table has no column of them.
    """

    encoding: str = ""
    layouts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    account: str = ""
    is_vouched: bool = False
    opening_grosze: int | None = None
    closing_grosze: int | None = None
