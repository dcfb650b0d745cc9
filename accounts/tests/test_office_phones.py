from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.office_phones import OfficePhoneField


@pytest.mark.parametrize(
    "phone",
    [
        "601 234 567",
        "(77) 453-12-34",
        "480 123 456",
        "+48 601 234 567",
        "0048601234567",
        "48 601 234 567",
        "+49 30 901820",
        "0049 30 901820",
    ],
)
def test_what_can_be_called_is_kept_as_it_is_typed(phone: str) -> None:
    assert OfficePhoneField().clean(f" {phone} ") == phone


@pytest.mark.parametrize(
    "phone",
    [
        "0001-01-01",
        "(((((((((",
        "+ + + + + ",
        "060 123 456",
        "60123456",
        "+48 60 123 456",
        "+48 601 234 5678",
        "+49 30 90",
        "٦٠١ ٢٣٤ ٥٦٧",
        "601 234 567\n8",
        "call me",
    ],
)
def test_what_nobody_can_call_is_refused(phone: str) -> None:
    with pytest.raises(ValidationError) as refused:
        OfficePhoneField().clean(phone)
    assert refused.value.code == "invalid"
