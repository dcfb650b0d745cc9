from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from accounts import urls
from accounts.documents import (
    AGREED_AT_REGISTRATION,
    Document,
    headings,
    render_document,
    valid_from,
)
from accounts.models import Consent
from accounts.tests.pages import text_of

pytestmark = pytest.mark.django_db

PAGES = sorted(f"/{slug}/" for slug in urls.DOCUMENTS)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_document_shows_its_current_wording_with_its_day_and_contents(
    path: str, language: str
) -> None:
    browser = Client()
    browser.cookies["django_language"] = language
    response = browser.get(path)
    text, page = text_of(response), response.content.decode()
    document = response.context["document"]
    assert valid_from(document.current).strftime("%d.%m.%Y") in text
    anchors = re.findall(r'<a href="#([\w-]+)">', page)
    assert len(set(anchors)) == len(anchors) > 3
    assert all(f'<h2 id="{anchor}">' in page for anchor in anchors if anchor != "content")


@pytest.mark.parametrize("path", PAGES)
def test_a_wording_has_an_address_of_its_own_and_unknown_ones_have_none(
    path: str, as_visitor: Client
) -> None:
    current = as_visitor.get(path).context["document"].current
    assert as_visitor.get(f"{path}{current}/").status_code == 200
    assert as_visitor.get(f"{path}1999-01-01/").status_code == 404
    assert as_visitor.get(f"{path}..%2Fx/").status_code == 404


@pytest.mark.parametrize("slug", urls.DOCUMENTS)
def test_the_two_languages_have_the_same_sections(slug: str) -> None:
    document, numbers = urls.DOCUMENTS[slug], []
    for language in ("pl", "en"):
        with translation.override(language):
            numbers.append(len(headings(render_document(document, document.current))))
    assert numbers[0] == numbers[1] > 3


def test_the_documents_name_the_operator_and_where_to_write(
    as_visitor: Client, settings: Settings
) -> None:
    settings.OPERATOR_EMAIL = "pomoc@mps.example"
    for path in PAGES:
        text = text_of(as_visitor.get(path))
        assert settings.SELLER_NAME in text
        assert settings.SELLER_NIP in text
        assert "pomoc@mps.example" in as_visitor.get(path).content.decode()


def test_the_firm_that_runs_the_servers_is_named_if_known(
    as_visitor: Client, settings: Settings
) -> None:
    settings.HOSTING_PROVIDER = "Serwerownia S.A., Opole"
    assert "Serwerownia S.A., Opole" in text_of(as_visitor.get("/powierzenie-danych/"))
    assert "Serwerownia S.A., Opole" in text_of(as_visitor.get("/polityka-prywatnosci/"))


def test_an_earlier_wording_says_so_and_leads_to_the_current_one(
    as_visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Document, "current", property(lambda self: "2027-01-01"))
    page = as_visitor.get("/regulamin/2026-11-01/")
    assert "An earlier wording, of 01.11.2026." in text_of(page)
    assert 'href="/regulamin/"' in page.content.decode()


def test_every_consent_has_a_document() -> None:
    assert {document.name for document in AGREED_AT_REGISTRATION} == set(Consent.Document.values)


def test_public_pages_link_terms_and_privacy(as_visitor: Client) -> None:
    page = as_visitor.get("/logowanie/").content.decode()
    for path in ("/regulamin/", "/polityka-prywatnosci/", "/powierzenie-danych/"):
        assert f'href="{path}"' in page
