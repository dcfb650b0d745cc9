from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from messaging.composing import (
    MissingData,
    ReadyValues,
    UnbalancedBrace,
    UnknownField,
    compile_body,
    validate_body,
)
from messaging.merge_fields import MERGE_FIELDS, SAMPLE_VALUES
from messaging.normalising import Replacement, find_replacements, normalise
from messaging.segments import count_parts
from messaging.template_types import TemplateType

plain_texts = st.text(st.sampled_from("abc %s()0d\n€[]"), max_size=20)
field_names = st.sampled_from(sorted(MERGE_FIELDS))
# Letters that compose with each other, blanks, line ends, what disappears, what only looks like a field.
odd_texts = st.text(
    st.sampled_from("ao\u0301ł €{}%\r\n\t\u200b\u1100\u1161\u11a8가😀`"), max_size=6
)


def test_each_client_gets_their_own_data() -> None:
    body = compile_body("{imie}, polisa {nr_polisy} do {data_konca}. {imie}!")
    assert body.fields == ("imie", "nr_polisy", "data_konca")
    values = {"imie": "Jan", "nr_polisy": "77/1", "data_konca": "15.12.2026"}
    assert body.render(ReadyValues.of(values)) == "Jan, polisa 77/1 do 15.12.2026. Jan!"


def test_polish_letters_of_the_data_are_replaced() -> None:
    assert (
        compile_body("Dla {nazwisko}").render(ReadyValues.of({"nazwisko": "Żółć–Łęcka"}))
        == "Dla Zolc-Lecka"
    )


@given(st.lists(st.one_of(plain_texts, field_names.map("{{{}}}".format)), max_size=8))
def test_a_rendered_text_is_the_body_with_its_fields_replaced(pieces: list[str]) -> None:
    values = {name: name.upper() for name in MERGE_FIELDS}
    expected = "".join(values.get(piece.strip("{}"), piece) for piece in pieces)
    assert compile_body("".join(pieces)).render(ReadyValues.of(values)) == expected


def render_slowly(pieces: list[str], values: dict[str, str]) -> str | None:
    """The obvious way: clean each value, look for a hole, put the text together, normalise it; None for a hole."""
    cleaned = {name: normalise(value) for name, value in values.items()}
    used = [piece.strip("{}") for piece in pieces if piece.strip("{}") in MERGE_FIELDS]
    if any(not cleaned.get(name, "").strip() for name in used):
        return None
    filled = (cleaned.get(piece.strip("{}"), normalise(piece)) for piece in pieces)
    return normalise("".join(filled))


@given(
    st.lists(
        st.one_of(
            odd_texts.map(lambda text: text.replace("{", "").replace("}", "")),
            field_names.map("{{{}}}".format),
        ),
        max_size=6,
    ),
    st.dictionaries(field_names, st.one_of(odd_texts, st.text(max_size=5)), max_size=40),
)
def test_the_fast_way_composes_what_the_slow_way_does(
    pieces: list[str], values: dict[str, str]
) -> None:
    pieces = [piece if piece.startswith("{") else piece.replace("\r", "") for piece in pieces]
    expected = render_slowly(pieces, values)
    body = compile_body("".join(pieces))
    if expected is None:
        with pytest.raises(MissingData):
            body.render(ReadyValues.of(values))
    else:
        assert body.render(ReadyValues.of(values)) == expected


@pytest.mark.parametrize("value", ["\u200b", "\ufeff \u00ad", "\t", "\r\n", " \u2009 "])
def test_a_value_of_which_nothing_would_be_seen_is_missing(value: str) -> None:
    body = compile_body("Pan {imie}!")
    assert body.missing(ReadyValues.of({"imie": value})) == ("imie",)
    with pytest.raises(MissingData):
        body.render(ReadyValues.of({"imie": value}))


def test_letters_of_two_values_that_compose_are_sent_composed() -> None:
    body = compile_body("{imie}{nazwisko}")
    assert body.render(ReadyValues.of({"imie": "\u1100", "nazwisko": "\u1161"})) == "가"


def test_signs_of_formatting_in_body_and_data_are_only_text() -> None:
    body = compile_body("100% %s %(imie)s {imie}")
    assert (
        body.render(ReadyValues.of({"imie": "%s {nazwisko}"})) == "100% %s %(imie)s %s {nazwisko}"
    )


@pytest.mark.parametrize("values", [{"agent": "A"}, {"agent": "A", "nr_rej": ""}])
def test_a_missing_value_never_leaves_a_hole(values: dict[str, str]) -> None:
    body = compile_body("Pojazd {nr_rej}. {agent}")
    assert body.missing(ReadyValues.of(values)) == ("nr_rej",)
    with pytest.raises(MissingData) as refused:
        body.render(ReadyValues.of(values))
    assert refused.value.fields == ("nr_rej",)


def test_a_blank_value_is_missing() -> None:
    assert compile_body("{imie}").missing(ReadyValues.of({"imie": " \u00a0"})) == ("imie",)


def test_nothing_is_missing_from_complete_data() -> None:
    assert compile_body("{imie} {agent}").missing(ReadyValues.of(SAMPLE_VALUES)) == ()


@pytest.mark.parametrize("name", ["imię", "Imie", " imie ", "", "numer polisy"])
def test_an_unknown_field_is_named(name: str) -> None:
    with pytest.raises(UnknownField) as refused:
        compile_body("Witaj {imie} {" + name + "}")
    assert refused.value.name == name


@pytest.mark.parametrize(
    ("body", "position"), [("a {imie", 2), ("imie}", 4), ("{{imie}}", 0), ("{imie} }{", 7)]
)
def test_a_lone_brace_is_located(body: str, position: int) -> None:
    with pytest.raises(UnbalancedBrace) as refused:
        compile_body(body)
    assert refused.value.position == position


def codes(body: str) -> list[str]:
    return [problem.code for problem in validate_body(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Dzien dobry, {imie}. {agent}", []),
        ("", ["empty"]),
        (" \n", ["empty"]),
        ("{imie} {pesel} {pesel} {vin}", ["unknown_field", "unknown_field"]),
        ("{imie", ["unbalanced_brace"]),
        ("Cześć", ["forbidden_characters"]),
        ("Cześć {imię} }", ["unbalanced_brace", "unknown_field", "forbidden_characters"]),
        ("a" * 1530, []),
        ("a" * 1531, ["too_long"]),
        ("a" * 1520 + "{imie}{imie}", ["too_long"]),
    ],
)
def test_a_form_is_told_everything_to_mend(body: str, expected: list[str]) -> None:
    assert codes(body) == expected


def test_a_field_that_the_type_does_not_offer_is_refused_by_name() -> None:
    (problem,) = validate_body("Szkoda {nr_szkody} pojazdu {nr_rej}", TemplateType.INSPECTION)
    assert problem.code == "field_of_another_type"
    with translation.override("en"):
        assert "{nr_szkody} does not go with the type “Vehicle inspection”" in str(problem.message)
    assert validate_body("Szkoda {nr_szkody}", TemplateType.CLAIM) == []


def test_forbidden_characters_come_with_the_replacements_offered() -> None:
    (problem,) = validate_body("Gość 😀")
    assert problem.replacements == (
        Replacement(2, "ś", "s"),
        Replacement(3, "ć", "c"),
        Replacement(5, "😀", None),
    )


@pytest.mark.parametrize("template_type", TemplateType)
def test_a_starter_fits_one_part_and_uses_only_its_fields(template_type: TemplateType) -> None:
    starter = template_type.starter
    assert validate_body(starter, template_type) == []
    assert find_replacements(starter) == []
    assert set(compile_body(starter).fields) <= {field.name for field in template_type.fields}
    assert count_parts(compile_body(starter).render(ReadyValues.of(SAMPLE_VALUES))) == 1
    assert "{agent}" in starter


def test_an_own_message_may_use_every_field() -> None:
    assert [field.name for field in TemplateType.OWN.fields] == list(MERGE_FIELDS)
