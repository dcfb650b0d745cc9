from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("browser_language", ["en-GB", "de", ""])
def test_the_portal_is_polish_whatever_the_browser_prefers(browser_language: str) -> None:
    response = Client(headers={"Accept-Language": browser_language}).get("/logowanie/")
    assert response["Content-Language"] == "pl"
    assert '<html lang="pl">' in response.content.decode()


def test_the_visitor_switches_to_english_and_back() -> None:
    browser = Client()
    for language in ("en", "pl"):
        sent = {"language": language, "next": "/rejestracja/"}
        assert browser.post("/jezyk/", sent)["Location"] == "/rejestracja/"
        assert f'<html lang="{language}">' in browser.get("/rejestracja/").content.decode()


def test_a_language_that_the_portal_does_not_speak_is_polish() -> None:
    browser = Client()
    browser.cookies["django_language"] = "de"
    assert browser.get("/logowanie/")["Content-Language"] == "pl"
