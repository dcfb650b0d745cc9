from __future__ import annotations

import pytest

from accounts.user_agents import readable

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome, Windows"),
        (f"{CHROME} Edg/142.0.0.0", "Edge, Windows"),
        (f"{CHROME} OPR/125.0.0.0", "Opera, Windows"),
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        (ANDROID, "Chrome, Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
        ("   ", ""),
        ("x" * 200, "x" * 40),
    ],
)
def test_browsers_have_names(user_agent: str, name: str) -> None:
    assert readable(user_agent) == name
