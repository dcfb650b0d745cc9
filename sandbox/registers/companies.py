"""The taxpayers that the register knows. All are made up; their NIP and REGON pass the checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Status = Literal["Czynny", "Zwolniony", "Niezarejestrowany"]


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """One entry, in the register's own words and capitals."""

    nip: str
    regon: str
    name: str
    status: Status
    note: str | Promise  # for the page: why somebody would try this one
    working_address: str | None = None  # of companies
    residence_address: str | None = None  # of sole traders
    removed_on: str | None = None  # YYYY-MM-DD


TAXPAYERS = (
    Taxpayer(
        nip="5250000009",
        regon="000000106",
        name="JAN NOWAK",
        status="Czynny",
        note=_("A sole trader: the name is the person's."),
        residence_address="ŻÓŁTA 7/2, 45-018 OPOLE",
    ),
    Taxpayer(
        nip="7540000102",
        regon="000000201",
        name=(
            "AGENCJA UBEZPIECZENIOWA BEZPIECZNA PRZYSTAŃ POŁUDNIE"
            " SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ"
        ),
        status="Czynny",
        note=_("A company with a long name."),
        working_address="ALEJA SOLIDARNOŚCI 36 LOK. 12A, 45-061 OPOLE",
    ),
    Taxpayer(
        nip="8990000404",
        regon="000000307",
        name="EWA ŁĄCZNA-WÓJCIK",
        status="Zwolniony",
        note=_("Exempt from VAT, in a village without streets."),
        residence_address="GOSZCZOWICE 14, 49-130 TUŁOWICE",
    ),
    Taxpayer(
        nip="5840000507",
        regon="000000402",
        name="POLISA PLUS WIŚNIEWSCY SPÓŁKA JAWNA",
        status="Niezarejestrowany",
        note=_("Struck off the register."),
        working_address="UL. DŁUGA 3, 80-827 GDAŃSK",
        removed_on="2025-03-31",
    ),
    Taxpayer(
        nip="7540000007",
        regon="000000508",
        name="ANNA NOWAK",
        status="Czynny",
        note=_("The demo's agency: this NIP is taken in the portal."),
        residence_address="UL. KRAKOWSKA 12, 45-018 OPOLE",
    ),
)

BY_NIP = {taxpayer.nip: taxpayer for taxpayer in TAXPAYERS}
