"""Invoices for the tests that need no database."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.models import Invoice
from billing.money import vat_from_gross


def unsaved_invoice(gross: int = 10000, **changes: Any) -> Invoice:
    """An invoice over `gross` grosze, as issued to a firm with a NIP unless changed."""
    net, vat = vat_from_gross(gross, 23)
    content: dict[str, Any] = {
        "number": "FV/2026/11/0001",
        "issued_on": date(2026, 11, 22),
        "paid_on": date(2026, 11, 20),
        "seller_name": "m6 Soft Plus",
        "seller_street": "ul. Chabrów 35/1",
        "seller_postal_code": "45-221",
        "seller_city": "Opole",
        "seller_nip": "9999999999",
        "seller_account": "76114020040000350243465646",
        "buyer_name": "Ubezpieczenia Zażółć Gęślą Jaźń",
        "buyer_street": "ul. Świętej Jadwigi 12/4",
        "buyer_postal_code": "50-001",
        "buyer_city": "Wrocław",
        "buyer_nip": "1111111111",
        "buyer_code": "7K3M-9QW3",
        "service": "Doładowanie konta usługi wysyłania wiadomości SMS (MPS)",
        "vat_rate": 23,
        "net": net,
        "vat": vat,
        "gross": gross,
    }
    return Invoice(**{**content, **changes})
