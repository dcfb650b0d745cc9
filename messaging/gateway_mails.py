"""Mail about the gateways."""

from __future__ import annotations

from accounts.emails import compose, portal_link
from accounts.models import User
from messaging.models import GatewayState


def send_halted(name: str, person_id: int) -> None:
    """Tell somebody of the operator that no messages leave and why. Nothing if it is mended meanwhile."""
    state = GatewayState.objects.filter(pk=name).exclude(halt="").first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if state is None or person is None:
        return
    context = {"state": state, "person": person, "link": portal_link("messaging:gateways")}
    compose("gateway_halted", person.email, person.language, context).send()
