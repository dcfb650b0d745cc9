from __future__ import annotations

import pytest

from accounts.models import Agency
from accounts.tests.races import run_together
from messaging.composing import ReadyValues, compile_body, validate_body
from messaging.merge_fields import SAMPLE_VALUES
from messaging.models import MessageTemplate
from messaging.segments import count_parts
from messaging.taken import Taken
from messaging.template_book import (
    Direction,
    active_templates,
    copy_template,
    delete_template,
    move_template,
    restore_template,
    save_template,
    templates_of,
)
from messaging.template_types import MARKETING_TYPES, TemplateType
from messaging.tests.book import template_of


def names(agency: Agency) -> list[str]:
    return [template.name for template in active_templates(agency)]


def test_a_new_agency_starts_with_one_good_template_of_each_type(agency: Agency) -> None:
    first = list(templates_of(agency))
    assert [template.type for template in first] == TemplateType.values
    for template in first:
        kind = TemplateType(template.type)
        assert validate_body(template.body, kind) == []
        assert count_parts(compile_body(template.body).render(ReadyValues.of(SAMPLE_VALUES))) == 1
        assert (template.category == "marketing") == (kind in MARKETING_TYPES)
        assert template.name == kind.label  # in Polish, as the agency is


def test_an_agency_in_english_has_english_names_and_polish_texts(other_agency: Agency) -> None:
    template = templates_of(other_agency)[0]
    assert template.name == "Vehicle inspection"
    assert template.body.startswith("Dzien dobry.")


def test_what_was_removed_does_not_come_back(agency: Agency) -> None:
    for template in templates_of(agency):
        delete_template(template)
    assert names(agency) == []


def test_who_has_templates_already_is_given_none(agency: Agency) -> None:
    template_of(agency)
    assert names(agency) == ["Badania"]
    delete_template(agency.templates.get())
    assert names(agency) == []


@pytest.mark.django_db(transaction=True)
def test_of_many_who_look_at_once_one_gives_the_first_templates(agency: Agency) -> None:
    found = run_together(5, lambda _number: len(templates_of(agency)))
    assert found == [len(TemplateType)] * 5
    assert agency.templates.count() == len(TemplateType)


def test_up_and_down_and_no_further(agency: Agency) -> None:
    a, b, c = (template_of(agency, name=name) for name in "ABC")
    move_template(c, Direction.UP)
    assert names(agency) == [*"ACB"]
    move_template(a, Direction.UP)
    move_template(b, Direction.DOWN)
    assert names(agency) == [*"ACB"]
    move_template(a, Direction.DOWN)
    assert names(agency) == [*"CAB"]


def test_the_archived_ones_are_stepped_over(agency: Agency) -> None:
    rows = [template_of(agency, name=name) for name in "ABC"]
    MessageTemplate.objects.filter(pk=rows[1].pk).update(archived_at=agency.created_at)
    move_template(rows[2], Direction.UP)
    assert names(agency) == [*"CA"]
    rows[1].refresh_from_db()
    move_template(rows[1], Direction.UP)
    restore_template(rows[1])
    assert names(agency) == [*"CAB"]


def test_new_ones_come_last_and_copies_after_their_original(agency: Agency) -> None:
    rows = [template_of(agency, name=name, position=n) for n, name in enumerate("AB")]
    new = MessageTemplate(agency=agency, name="C", type="own", body="x")
    save_template(new)
    copy_template(rows[0])
    copy_template(rows[0])
    assert names(agency) == ["A", "A (3)", "A (2)", "B", "C"]


def test_a_copy_of_the_longest_name_has_room_for_its_number(agency: Agency) -> None:
    copy = copy_template(template_of(agency, name="N" * 80))
    assert copy.name == "N" * 76 + " (2)"


def test_a_name_that_somebody_took_a_moment_ago_is_told(agency: Agency) -> None:
    template_of(agency)
    with pytest.raises(Taken):
        save_template(MessageTemplate(agency=agency, name="Badania", type="own", body="x"))


def test_another_agencys_order_stays(agency: Agency, other_agency: Agency) -> None:
    foreign = [template_of(other_agency, name=name) for name in "AB"]
    own = [template_of(agency, name=name) for name in "AB"]
    move_template(own[1], Direction.UP)
    assert names(other_agency) == [template.name for template in foreign]
