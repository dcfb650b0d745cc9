"""The types of templates an agent chooses from, each with its fields and a text to start from."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from messaging.merge_fields import MERGE_FIELDS, MergeField


class TemplateType(TextChoices):
    """What a template is about; decides which fields the "Insert" button offers."""

    INSPECTION = "inspection", _("Vehicle inspection")
    OC_END = "oc_end", _("End of OC policy")
    AC_END = "ac_end", _("End of AC policy")
    HOME_END = "home_end", _("End of home insurance")
    DOCUMENT_READY = "document_ready", _("Document ready to collect")
    OWN = "own", _("Own message")

    @property
    def fields(self) -> tuple[MergeField, ...]:
        """The fields that make sense in this type, in the order they are offered."""
        return tuple(MERGE_FIELDS[name] for name in _FIELD_NAMES[self])

    @property
    def is_marketing(self) -> bool:
        """Whether such a message may go only to those who consented to marketing."""
        return self in _MARKETING

    @property
    def starter(self) -> str:
        """A body to start from, in Polish without Polish letters; one part with usual data."""
        return _STARTERS[self]


_PERSON = ("imie", "nazwisko", "nazwa_firmy")
_SIGNATURE = ("agent", "tel_agenta", "adres_biura")
_VEHICLE = ("nr_rej", "marka_model")
_POLICY = ("nr_polisy", "rodzaj", "towarzystwo", "data_konca", "dni_do_konca", "skladka")

_FIELD_NAMES: dict[TemplateType, tuple[str, ...]] = {
    TemplateType.INSPECTION: (*_PERSON, *_VEHICLE, "data_badania", *_SIGNATURE),
    TemplateType.OC_END: (*_PERSON, *_POLICY, *_VEHICLE, *_SIGNATURE),
    TemplateType.AC_END: (*_PERSON, *_POLICY, *_VEHICLE, *_SIGNATURE),
    TemplateType.HOME_END: (*_PERSON, *_POLICY, *_SIGNATURE),
    TemplateType.DOCUMENT_READY: (*_PERSON, "nr_polisy", "rodzaj", "towarzystwo", *_SIGNATURE),
    TemplateType.OWN: tuple(MERGE_FIELDS),
}

# All of today's types are reminders of a contract; an offer or birthday wishes with one belong in here.
_MARKETING: frozenset[TemplateType] = frozenset()

# Plain reminders of a contract: an offer or a discount would make them marketing, which needs consent
# (art. 398 Prawa komunikacji elektronicznej).
_STARTERS: dict[TemplateType, str] = {
    TemplateType.INSPECTION: (
        "Dzien dobry. Termin badania technicznego pojazdu {nr_rej} mija {data_badania}."
        " Warto umowic sie wczesniej. {agent} {tel_agenta}"
    ),
    TemplateType.OC_END: (
        "Dzien dobry. Polisa OC {nr_polisy} pojazdu {nr_rej} konczy sie {data_konca}."
        " W sprawie wznowienia prosze o kontakt. {agent} {tel_agenta}"
    ),
    TemplateType.AC_END: (
        "Dzien dobry. Autocasco pojazdu {nr_rej} ({towarzystwo}) dziala do {data_konca}."
        " W sprawie wznowienia prosze o kontakt. {agent} {tel_agenta}"
    ),
    TemplateType.HOME_END: (
        "Dzien dobry. Ubezpieczenie domu, polisa {nr_polisy}, konczy sie {data_konca}."
        " W sprawie wznowienia prosze o kontakt. {agent} {tel_agenta}"
    ),
    TemplateType.DOCUMENT_READY: (
        "Dzien dobry. Polisa {nr_polisy} ({towarzystwo}) czeka na odbior w naszym biurze:"
        " {adres_biura}. {agent} {tel_agenta}"
    ),
    TemplateType.OWN: (
        "Dzien dobry. Prosze o kontakt w sprawie Panstwa ubezpieczenia. {agent} {tel_agenta}"
    ),
}
