"""Mails to an agency about its sender names."""

from __future__ import annotations

from accounts.emails import compose, portal_link
from accounts.models import User
from accounts.outbox import queue_mail
from accounts.roles import Permission, Role
from messaging.models import SenderName


def queue(sender_name: SenderName, state: str) -> None:
    """Tell the agency's owners that the name is authorised, rejected or revoked. Nobody, of a shared one."""
    if sender_name.agency is None:
        return
    owners = sender_name.agency.people.filter(role=Role.OWNER, is_active=True)
    for owner_id in owners.order_by("pk").values_list("pk", flat=True):
        queue_mail("messaging.sender_name_mails.send", sender_name.pk, str(state), owner_id)


def send(sender_name_id: int, state: str, owner_id: int) -> None:
    """Send one of them. Nothing if it is no longer so, the name is gone, or the person may not do anything about it."""
    name = SenderName.objects.select_related("agency").filter(pk=sender_name_id).first()
    owner = User.objects.get(pk=owner_id)
    if name is None or name.agency is None or name.state != state:
        return
    if not owner.is_active or not owner.may(Permission.MANAGE_SENDER_NAMES):
        return
    context = {
        "person": owner,
        "agency": name.agency,
        "name": name,
        "url": portal_link("messaging:sender_name", name.pk),
        "list_url": portal_link("messaging:sender_names"),
    }
    compose(f"sender_name_{state}", owner.email, name.agency.language, context).send()
