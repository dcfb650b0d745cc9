"""The file of icons holds what the templates name, no more and no less."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import Context, Template

from accounts.icons import SPRITE, ids_in_templates, make_sprite
from messaging.state_badges import ICON_IDS


def test_the_file_is_up_to_date() -> None:
    kept = (settings.BASE_DIR / "static" / SPRITE).read_text(encoding="utf-8")
    assert kept == make_sprite(ids_in_templates() | ICON_IDS), "run manage.py makeicons"


def test_an_icon_stands_beside_a_word_or_speaks_for_itself() -> None:
    beside = Template('{% load icons %}{% icon "clock" %}').render(Context())
    assert 'aria-hidden="true"' in beside
    assert "#mini-clock" in beside
    alone = Template('{% load icons %}{% icon "clipboard-document" "outline" size=20 label=said %}')
    assert 'role="img" aria-label="&lt;K&gt;"' in alone.render(Context({"said": "<K>"}))


def test_an_icon_that_is_not_in_the_file_is_an_error() -> None:
    with pytest.raises(KeyError):
        Template('{% load icons %}{% icon "no-such-icon" %}').render(Context())
