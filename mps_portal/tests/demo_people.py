"""Logging in to the running demo as its people do."""

from __future__ import annotations

import time

import pyotp
from playwright.sync_api import Page

from mps_portal.demo_data import STAFF_TOTP_SECRET
from mps_portal.tests.demo_process import DemoProcess

# A code works once, and the ones before and after it are taken too: three logins in half a minute.
_STEPS = (0, -30, 30)


def log_in(demo: DemoProcess, page: Page, email: str, password: str) -> None:
    """Log in with the password, and with the second factor where the portal asks for it."""
    page.goto(f"{demo.url}/logowanie/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main .btn-primary").click()
    page.wait_for_load_state()
    for step in _STEPS:
        if not page.url.endswith("/logowanie/kod/"):
            return
        give_code(page, STAFF_TOTP_SECRET, step)


def give_code(page: Page, secret: str, step: int = 0) -> None:
    """Write the code that an authenticator app with the secret shows `step` seconds from now."""
    page.locator("input[name=code]").fill(pyotp.TOTP(secret).at(int(time.time()) + step))
    page.locator("main .btn-primary").click()
    page.wait_for_load_state()
