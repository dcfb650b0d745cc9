from __future__ import annotations

import pytest
from pytest_django import Settings

from billing import checks


def test_the_demos_seller_passes() -> None:
    assert checks.check_seller(None) == []


@pytest.mark.parametrize("nip", ["9999999998", "999-999-99-99", "", "PL9999999999"])
def test_a_wrong_nip_of_the_seller_is_an_error(settings: Settings, nip: str) -> None:
    settings.SELLER_NIP = nip
    assert [problem.id for problem in checks.check_seller(None)] == ["billing.E001"]


@pytest.mark.parametrize("account", ["76114020040000350243465647", "7611402004", ""])
def test_a_wrong_account_of_the_seller_is_an_error(settings: Settings, account: str) -> None:
    settings.SELLER_ACCOUNT = account
    assert [problem.id for problem in checks.check_seller(None)] == ["billing.E002"]


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_FONT_SUBSETTER", "libnowhere.so.0")
    (warning,) = checks.check_font_subsetter(None)
    assert warning.hint == "apt-get install libharfbuzz-subset0"
    assert not warning.is_serious()
