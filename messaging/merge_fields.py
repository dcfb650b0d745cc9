"""What the "Insert" button puts into a template: fields that each client has own data for.

Names are part of the templates that agents write, hence Polish, and never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class MergeField:
    """`{name}` in a template; `label` for people, `sample` of the usual length for previews."""

    name: str
    label: StrOrPromise
    sample: str
    # Not in the book: asked for when a campaign is made, the same for all of its clients.
    is_typed: bool = False


_FIELDS = (
    MergeField("imie", _("first name"), "Katarzyna"),
    MergeField("nazwisko", _("last name"), "Wiśniewska"),
    MergeField("nazwa_firmy", _("company name"), "Auto-Trans Sp. z o.o."),
    MergeField("telefon", _("client's phone"), "600 100 200"),
    MergeField("data_urodzenia", _("birthday"), "14.03.1978"),
    MergeField("nr_polisy", _("policy number"), "1052334417"),
    MergeField("rodzaj", _("policy kind"), "OC"),
    MergeField("towarzystwo", _("insurer"), "Warta"),
    MergeField("data_poczatku", _("policy start date"), "16.12.2025"),
    MergeField("data_konca", _("policy end date"), "15.12.2026"),
    MergeField("dni_do_konca", _("days to the end of the policy"), "14"),
    MergeField("nr_raty", _("instalment number"), "2"),
    MergeField("kwota_raty", _("instalment amount"), "412,50"),
    MergeField("termin_raty", _("instalment due date"), "15.12.2026"),
    MergeField("nr_rej", _("registration number"), "OP 4521K"),
    MergeField("marka_model", _("make and model"), "Skoda Octavia"),
    MergeField("data_badania", _("inspection date"), "15.12.2026"),
    MergeField("skladka", _("premium"), "1 234,50"),
    MergeField("nr_szkody", _("claim number"), "PL2026120345", is_typed=True),
    MergeField("data_zgloszenia", _("day the claim was reported"), "18.11.2026", is_typed=True),
    MergeField("data", _("day"), "18.12.2026", is_typed=True),
    MergeField(
        "nr_konta",
        _("account number"),
        "76 1140 2004 0000 3502 4346 5646",
        is_typed=True,
    ),
    MergeField("godziny", _("opening hours"), "pn-pt 9-17", is_typed=True),
    MergeField("agent", _("agent's name"), "Ubezpieczenia Nowak"),
    MergeField("tel_agenta", _("agent's phone"), "601 234 567"),
    MergeField("adres_biura", _("office address"), "ul. Krakowska 12, Opole"),
)

TYPED_FIELDS = {field.name: field for field in _FIELDS if field.is_typed}
MERGE_FIELDS = {field.name: field for field in _FIELDS}
SAMPLE_VALUES = {field.name: field.sample for field in _FIELDS}
