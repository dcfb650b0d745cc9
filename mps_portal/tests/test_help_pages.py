from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve

from accounts.tests.pages import text_of
from mps_portal.help_pages import TOPICS

LANGUAGES = ("pl", "en")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_says_the_same_in_both_languages(topic) -> None:
    """At least the same headings, keys, links and steps."""
    folder = settings.BASE_DIR / "templates" / "help"
    texts = [(folder / f"{topic.name}.{language}.html").read_text() for language in LANGUAGES]
    marks = [re.findall(r"<(h2|li|dt|kbd|code|a)\b", text) for text in texts]
    assert marks[0] == marks[1]
    assert len(texts[0]) > 600


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["pierwsze-kroki", "klienci", "wzory", "wysylki", "stan-konta"])
def test_an_owner_reads_each_and_its_links_lead_somewhere(
    as_owner: Client, name: str, language: str
) -> None:
    as_owner.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = as_owner.get(f"/pomoc/{name}/").content.decode()
    article = page.partition('class="card card-body help-text"')[2].partition("</article>")[0]
    assert len(article) > 600
    for address in re.findall(r'href="(/[^"]*)"', article):
        resolve(address)


def test_everybody_begins_with_what_they_need(
    as_owner: Client, as_accountant: Client, as_clerk: Client
) -> None:
    assert "First steps" in text_of(as_owner.get("/pomoc/"))
    assert "How to pay" in text_of(as_accountant.get("/pomoc/"))
    assert "What is booked by itself" in text_of(as_clerk.get("/pomoc/"))


def test_what_is_for_other_roles_is_not_there(as_accountant: Client, as_clerk: Client) -> None:
    assert as_accountant.get("/pomoc/wysylki/").status_code == 404
    assert as_accountant.get("/pomoc/operator-wplaty/").status_code == 404
    assert as_clerk.get("/pomoc/wysylki/").status_code == 404
    assert as_clerk.get("/pomoc/nie-ma/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
def test_each_topic_has_its_picture(topic: str, language: str) -> None:
    assert finders.find(f"img/help/{topic}.{language}.png"), "run bin/screenshots"
