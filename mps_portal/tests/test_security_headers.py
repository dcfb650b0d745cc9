"""What every answer tells browsers. That no page needs what the policy forbids is seen in test_roles_walk.py."""

from __future__ import annotations

from django.test import Client

from accounts.models import User


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
