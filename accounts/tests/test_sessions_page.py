from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Event, User
from accounts.sessions import forget_expired
from accounts.tests.pages import browser, text_of

PATH = "/ustawienia/sesje/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Firefox/150.0"
CHROME = "Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36"
SENT = {"login": "anna@zolc.example", "password": "haslo-anny-1"}


def test_it_lists_ones_own_and_logs_out_all_others(owner: User, accountant: User) -> None:
    here, there, hers = browser(), browser(), browser()
    here.post(
        "/logowanie/",
        SENT,
        headers={"User-Agent": FIREFOX},
    )
    there.post(
        "/logowanie/",
        SENT,
        headers={"User-Agent": CHROME},
    )
    hers.post("/logowanie/", {"login": accountant.email, "password": "haslo-ewy-12"})
    page = text_of(here.get(PATH))
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    assert page.count("127.0.0.1") == 2
    told = text_of(here.post(PATH, follow=True))
    assert "All other sessions are logged out" in told
    assert there.get("/pulpit/").status_code == 302
    assert here.get("/pulpit/").status_code == 200
    assert hers.get("/pulpit/").status_code == 200
    event = Event.objects.get(kind="sessions_ended")
    assert (event.person, event.subject) == (owner, "1")
    assert "Log out all others" not in text_of(here.get(PATH))


def test_sessions_that_ended_by_themselves_are_forgotten(owner: User) -> None:
    for _computer in range(2):
        browser().post("/logowanie/", SENT)
    expired = Session.objects.first()
    assert expired
    Session.objects.filter(pk=expired.pk).update(expire_date=timezone.now())
    assert forget_expired() == 1
    assert Session.objects.count() == UserSession.objects.count() == 1
