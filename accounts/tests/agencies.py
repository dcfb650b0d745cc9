"""The two agencies of the tests."""

from __future__ import annotations

from accounts.models import Agency


def anna() -> Agency:
    """A firm with a NIP, in Polish."""
    return Agency.objects.create(
        name="Ubezpieczenia Anna Żółć",
        nip="1111111111",
        street="ul. Świętej Jadwigi 12/4",
        postal_code="45-221",
        city="Opole",
        email="anna@zolc.example",
        phone="+48601000001",
        registration_code="7K3M9QW3",
    )


def jan() -> Agency:
    """A natural person without NIP, in English: must never meet the first one's data."""
    return Agency.objects.create(
        name="Jan Łęcki",
        street="ul. Długa 3",
        postal_code="50-001",
        city="Wrocław",
        email="jan@lecki.example",
        phone="+48601000002",
        registration_code="4H2T08RG",
        language="en",
    )
