"""The types of templates an agent chooses from, each with its fields and a text to start from."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from messaging.categories import Category
from messaging.merge_fields import MERGE_FIELDS, MergeField


class TemplateType(TextChoices):
    """What a template is about; decides which fields the "Insert" button offers."""

    INSPECTION = "inspection", _("Vehicle inspection")
    OC_END = "oc_end", _("End of OC policy")
    AC_END = "ac_end", _("End of AC policy")
    NNW_END = "nnw_end", _("End of NNW or ASS policy")
    HOME_END = "home_end", _("End of home insurance")
    LIFE_END = "life_end", _("End of life insurance")
    INSTALMENT = "instalment", _("Instalment due")
    INSTALMENT_MISSED = "instalment_missed", _("Instalment not paid")
    BIRTHDAY = "birthday", _("Birthday")
    OFFER = "offer", _("Offer")
    CLAIM = "claim", _("Claim")
    DOCUMENT_READY = "document_ready", _("Document ready to collect")
    OWN = "own", _("Own message")

    @property
    def fields(self) -> tuple[MergeField, ...]:
        """The fields that make sense in this type, in the order they are offered."""
        return tuple(MERGE_FIELDS[name] for name in _FIELD_NAMES[self])

    @property
    def category(self) -> Category:
        """What such a message is, unless its author says that it is marketing all the same."""
        return Category.MARKETING if self in MARKETING_TYPES else Category.SERVICE

    @property
    def starter(self) -> str:
        """A body to start from, in Polish without Polish letters; one part with usual data."""
        return _STARTERS[self]


_PERSON = ("imie", "nazwisko", "nazwa_firmy", "telefon")
_SIGNATURE = ("agent", "tel_agenta", "adres_biura")
_VEHICLE = ("nr_rej", "marka_model")
_POLICY = (
    "nr_polisy",
    "rodzaj",
    "towarzystwo",
    "data_poczatku",
    "data_konca",
    "dni_do_konca",
    "skladka",
)
_INSTALMENT = ("nr_raty", "kwota_raty", "termin_raty", "nr_konta")

_FIELD_NAMES: dict[TemplateType, tuple[str, ...]] = {
    TemplateType.INSPECTION: (*_PERSON, *_VEHICLE, "data_badania", *_SIGNATURE),
    TemplateType.OC_END: (*_PERSON, *_POLICY, *_VEHICLE, *_SIGNATURE),
    TemplateType.AC_END: (*_PERSON, *_POLICY, *_VEHICLE, *_SIGNATURE),
    TemplateType.NNW_END: (*_PERSON, *_POLICY, *_SIGNATURE),
    TemplateType.HOME_END: (*_PERSON, *_POLICY, *_SIGNATURE),
    TemplateType.LIFE_END: (*_PERSON, *_POLICY, *_SIGNATURE),
    TemplateType.INSTALMENT: (*_PERSON, *_POLICY, *_INSTALMENT, *_SIGNATURE),
    TemplateType.INSTALMENT_MISSED: (*_PERSON, *_POLICY, *_INSTALMENT, *_SIGNATURE),
    TemplateType.BIRTHDAY: (*_PERSON, "data_urodzenia", *_SIGNATURE),
    TemplateType.OFFER: (*_PERSON, *_SIGNATURE),
    TemplateType.CLAIM: (*_PERSON, "nr_szkody", "data_zgloszenia", "towarzystwo", *_SIGNATURE),
    TemplateType.DOCUMENT_READY: (
        *_PERSON,
        "nr_polisy",
        "rodzaj",
        "towarzystwo",
        "data",
        "godziny",
        *_SIGNATURE,
    ),
    TemplateType.OWN: tuple(MERGE_FIELDS),
}

# Offers, and wishes that advertise whoever sends them.
MARKETING_TYPES = frozenset({TemplateType.BIRTHDAY, TemplateType.OFFER})

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
    TemplateType.NNW_END: (
        "Dzien dobry. Polisa {rodzaj} nr {nr_polisy} ({towarzystwo}) konczy sie {data_konca}."
        " W sprawie wznowienia prosze o kontakt. {agent} {tel_agenta}"
    ),
    TemplateType.HOME_END: (
        "Dzien dobry. Ubezpieczenie domu, polisa {nr_polisy}, konczy sie {data_konca}."
        " W sprawie wznowienia prosze o kontakt. {agent} {tel_agenta}"
    ),
    TemplateType.LIFE_END: (
        "Dzien dobry. Ubezpieczenie na zycie, polisa {nr_polisy}, konczy sie {data_konca}."
        " W razie pytan prosze o kontakt. {agent} {tel_agenta}"
    ),
    TemplateType.INSTALMENT: (
        "Dzien dobry. Rata {kwota_raty} zl do polisy {nr_polisy} jest platna do {termin_raty}."
        " Numer konta jest na polisie. {agent} {tel_agenta}"
    ),
    TemplateType.INSTALMENT_MISSED: (
        "Dzien dobry. Nie widzimy wplaty raty {kwota_raty} zl do polisy {nr_polisy}, termin minal"
        " {termin_raty}. Jesli juz oplacona, dziekujemy. {agent} {tel_agenta}"
    ),
    TemplateType.BIRTHDAY: (
        "{imie}, w dniu urodzin zyczymy zdrowia, spokoju i samych szczesliwych podrozy. {agent}"
    ),
    TemplateType.OFFER: (
        "Dzien dobry. Mamy dla Panstwa nowe ubezpieczenie domu z rabatem dla stalych klientow."
        " Szczegoly: {tel_agenta}. {agent}"
    ),
    TemplateType.CLAIM: (
        "Dzien dobry. Szkoda zgloszona {data_zgloszenia} ma numer {nr_szkody}. Prosze podawac go"
        " w kazdym kontakcie. {agent} {tel_agenta}"
    ),
    TemplateType.DOCUMENT_READY: (
        "Dzien dobry. Polisa {nr_polisy} ({towarzystwo}) czeka na odbior w naszym biurze:"
        " {adres_biura}. {agent} {tel_agenta}"
    ),
    TemplateType.OWN: (
        "Dzien dobry. Prosze o kontakt w sprawie Panstwa ubezpieczenia. {agent} {tel_agenta}"
    ),
}
