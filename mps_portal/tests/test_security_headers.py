"""No page needs what the Content-Security-Policy forbids."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User
from mps_portal.tests.test_roles_walk import TABLE

INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>"),
    "style element": re.compile(r"<style\b[^>]*>"),
    "style attribute": re.compile(r"<[^>]*\sstyle=[^>]*>"),
    "handler": re.compile(r"<[^>]*\son[a-z]+=[^>]*>"),
    "address of code": re.compile(r"\"javascript:[^\"]*\""),
    "other host": re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(?:https?:)?//[^>]*>"),
}


@pytest.mark.parametrize("path", TABLE)
def test_no_page_has_inline_code_or_style(
    path: str, browsers: dict[str, Client], ids: dict[str, int]
) -> None:
    for client in browsers.values():
        response = client.get(path.format(**ids))
        if response["Content-Type"].startswith("text/html"):
            html = response.content.decode()
            found = {what: pattern.findall(html) for what, pattern in INLINE.items()}
            assert not any(found.values()), found


def test_the_policy_allows_nothing_inline_and_no_other_host(as_visitor: Client) -> None:
    headers = as_visitor.get("/logowanie/").headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";") if part
    )
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]


def test_pages_cannot_be_framed_sniffed_or_leaked_by_the_referrer(as_visitor: Client) -> None:
    headers = as_visitor.get("/logowanie/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_scripts_cannot_read_the_session(owner: User, as_visitor: Client) -> None:
    sent = {"login": "anna@zolc.example", "password": "haslo-anny-1"}
    cookie = as_visitor.post("/logowanie/", sent).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
