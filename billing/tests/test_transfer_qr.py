from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from billing.transfer_qr import payload, svg

TRANSFER: dict[str, Any] = {
    "nip": "9999999999",
    "account": "76 1140 2004 0000 3502 4346 5646",
    "amount_grosze": 5800,
    "receiver": "m6 Soft Plus",
    "title": "KOD REJESTRACYJNY 7K3M-9QW3",
}


def test_the_payload_has_the_nine_fields_of_the_recommendation() -> None:
    assert payload(**TRANSFER) == (
        "9999999999|PL|76114020040000350243465646|005800|m6 Soft Plus"
        "|KOD REJESTRACYJNY 7K3M-9QW3|||"
    )


def test_without_an_amount_the_payer_types_it() -> None:
    assert "|000000|" in payload(**TRANSFER | {"amount_grosze": None})


def test_a_person_has_no_nip() -> None:
    assert payload(**TRANSFER | {"nip": ""}).startswith("|PL|7611")


def test_long_values_are_cut_by_characters_and_bars_removed() -> None:
    text = payload(
        **TRANSFER | {"receiver": "Żółć|" * 9, "title": "ą" * 99, "amount_grosze": 10**9}
    )
    fields = text.split("|")
    assert len(fields) == 9
    assert fields[4] == "Żółć Żółć Żółć Żółć"
    assert fields[5] == "ą" * 32
    assert len(text) <= 160


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "77 1140 2004 0000 3502 4346 5646"},
        {"account": "FR7630004013280001089882824"},
        {"account": ""},
        {"nip": "1234567890"},
        {"amount_grosze": -1},
    ],
)
def test_what_banking_apps_refuse_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="^not a"):
        payload(**TRANSFER | wrong)


def test_the_drawing_scales_and_passes_a_strict_content_security_policy() -> None:
    drawing = svg(payload(**TRANSFER))
    root = ElementTree.fromstring(drawing)
    assert root.attrib["class"] == "qr"
    assert re.fullmatch(r"0 0 \d+ \d+", root.attrib["viewBox"])
    assert {name for element in root.iter() for name in element.attrib} <= {
        "class",
        "viewBox",
        "fill",
        "stroke",
        "d",
    }


def test_different_transfers_look_different() -> None:
    assert svg(payload(**TRANSFER)) != svg(payload(**TRANSFER | {"amount_grosze": 2900}))
