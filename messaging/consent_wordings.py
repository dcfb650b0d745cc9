"""What an agency's clients agree to, word for word: versions that are added and never changed."""

from __future__ import annotations

from django.db import transaction

from accounts import events
from accounts.models import Agency, EventKind, User
from messaging.models import ConsentWording

# Clients read Polish, whatever language the agent uses. What it must hold: who writes, by which channel, what about
# (art. 398 of the Prawo komunikacji elektronicznej), and that and how it is withdrawn (art. 7(3) RODO).
_SUGGESTION = (
    "Wyrażam zgodę na przesyłanie mi przez {agency} informacji handlowych, w tym marketingu bezpośredniego, o"
    " ubezpieczeniach i usługach agencji w wiadomościach SMS na podany przeze mnie numer telefonu, także z użyciem"
    " automatycznych systemów wywołujących.\n"
    "Zgoda jest dobrowolna i nie jest warunkiem zawarcia umowy. Mogę ją wycofać w każdej chwili, a wycofanie nie wpływa"
    " na zgodność z prawem tego, co wysłano wcześniej. Wystarczy odpowiedzieć STOP na SMS, jeśli nadawcą jest numer,"
    " albo dać znać agencji: {ways}."
)


def suggestion_for(agency: Agency) -> str:
    """A wording to begin with, in the agency's name."""
    ways = ", ".join(filter(None, [f"tel. {agency.phone}" if agency.phone else "", agency.email]))
    return _SUGGESTION.format(agency=agency.name, ways=ways or agency.address)


def newest_wording(agency: Agency) -> ConsentWording | None:
    """What clients agree to now; None while the agency wrote nothing."""
    return agency.consent_wordings.order_by("-id").first()


@transaction.atomic
def write_wording(*, agency: Agency, text: str, written_by: User) -> ConsentWording:
    """A new version. Those who agreed to an older one agreed to that."""
    wording = ConsentWording.objects.create(agency=agency, text=text, created_by=written_by)
    events.record(
        EventKind.CONSENT_WORDING_WRITTEN, f"#{wording.pk}", agency=agency, person=written_by
    )
    return wording
