"""`{% url %}` gives the addresses that Django's gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.urls import NoReverseMatch

from mps_portal.templatetags.fixed_urls import FixedUrl


def fixed(template: Template) -> list[Any]:
    return template.nodelist.get_nodes_by_type(FixedUrl)


def test_an_address_without_arguments_is_found_once() -> None:
    template = Template('<a href="{% url "messaging:contacts" %}">')
    (node,) = fixed(template)
    assert template.render(Context()) == '<a href="/klienci/">'
    assert node._address == "/klienci/"
    assert template.render(Context()) == '<a href="/klienci/">'


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ('{% url "messaging:contact" pk %}', ["/klienci/1/", "/klienci/2/"]),
        ('{% url "messaging:contact" pk=pk %}', ["/klienci/1/", "/klienci/2/"]),
        ('{% url "messaging:contacts" as list %}{{ list }}{{ pk }}', ["/klienci/1", "/klienci/2"]),
        ("{% url view %}", ["/klienci/", "/wysylki/"]),
    ],
)
def test_other_addresses_are_found_each_time(text: str, addresses: list[str]) -> None:
    template = Template(text)
    assert fixed(template) == []
    contexts = ({"pk": 1, "view": "messaging:contacts"}, {"pk": 2, "view": "messaging:campaigns"})
    assert [template.render(Context(each)) for each in contexts] == addresses


def test_what_is_no_view_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        Template('{% url "no_such_view" %}').render(Context())
    with pytest.raises(TemplateSyntaxError):
        Template("{% url %}")
