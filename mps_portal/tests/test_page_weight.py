"""What a page weighs on its way to a phone."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.models import Agency
from messaging.models import Message
from messaging.tests.book import messages_of

# Bytes.
MAX_HTML = 60_000
MAX_SCRIPTS_AND_STYLES = 150_000
# A usual text: one part.
TEXT = "Dzien dobry. Termin badania technicznego pojazdu OP12345 mija 26.12.2026. Warto umowic sie wczesniej. "
_ASSET = re.compile(
    r'<(?:link rel="stylesheet"\s+href|script (?:type="module" )?src)="/static/([^"]+)"'
)


@pytest.mark.parametrize(
    "address", ["/wiadomosci/", "/klienci/", "/wysylki/", "/klienci/?q=a", "/pulpit/"]
)
def test_a_list_of_fifty_rows(agency: Agency, as_owner: Client, address: str) -> None:
    messages_of(agency, *["delivered"] * 60)
    Message.objects.update(text=TEXT)
    page = as_owner.get(address).content
    assert len(page) < MAX_HTML
    if address == "/wiadomosci/":
        assert page.count(b"data-select-row") == 50


@pytest.mark.parametrize("address", ["/pulpit/", "/wzory/nowy/", "/klienci/"])
def test_scripts_and_styles_of_a_page_compressed(
    agency: Agency, as_owner: Client, address: str
) -> None:
    page = as_owner.get(address).content.decode()
    names = _ASSET.findall(page)
    assert len(names) > 10
    weights = {name: len(gzip.compress(_file(name).read_bytes())) for name in names}
    assert sum(weights.values()) < MAX_SCRIPTS_AND_STYLES, weights


def _file(name: str) -> Path:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found)
