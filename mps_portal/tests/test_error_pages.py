"""Error pages show when nothing else works: without request, context, session or database."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from pytest_django import Settings
from pytest_django.asserts import assertInHTML


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("400", "The portal did not understand"),
        ("403", "This page is not for your role"),
        ("403_csrf", "The form is too old"),
        ("404", "There is no such page"),
        ("429", "Too many attempts"),
        ("500", "Something broke on our side"),
        ("503", "The portal is being updated"),
    ],
)
def test_error_page_needs_no_context(name: str, words: str, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"
    page = render_to_string(f"{name}.html")
    assertInHTML(f"<h1>{words}</h1>", page)
    assert "style=" not in page
