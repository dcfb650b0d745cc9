from __future__ import annotations

from typing import Any

import pytest

from messaging.normalising import normalise
from messaging.segments import count_parts, measure
from messaging.tests import vectors
from messaging.tests.exact_parts import exact_parts

SEGMENTS = vectors.load("segments")


def test_there_are_vectors_enough_for_every_edge() -> None:
    assert len(SEGMENTS) >= 300
    assert {case["encoding"] for case in SEGMENTS} == {"GSM-7", "UCS-2"}


@pytest.mark.parametrize("case", SEGMENTS)
def test_the_vectors_agree_with_the_exact_reference(case: dict[str, Any]) -> None:
    encoding, units, parts = exact_parts(case["text"])
    assert (case["encoding"], case["units"], case["parts"]) == (encoding, units, len(parts))


@pytest.mark.parametrize("case", SEGMENTS)
def test_the_server_counts_as_the_vectors_say(case: dict[str, Any]) -> None:
    found = measure(case["text"])
    assert (found.encoding, found.units, found.parts) == (
        case["encoding"],
        case["units"],
        case["parts"],
    )
    assert count_parts(case["text"]) == case["parts"]


@pytest.mark.parametrize("case", vectors.load("normalising"))
def test_the_server_normalises_as_the_vectors_say(case: dict[str, Any]) -> None:
    assert normalise(case["text"]) == case["normalised"]
