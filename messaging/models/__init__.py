from messaging.models.campaigns import Campaign
from messaging.models.contacts import (
    Contact,
    ContactConsent,
    ContactGroup,
    ContactNumber,
    Instalment,
    Policy,
    SearchWord,
    Vehicle,
)
from messaging.models.messages import Message
from messaging.models.templates import MessageTemplate

__all__ = [
    "Campaign",
    "Contact",
    "ContactConsent",
    "ContactGroup",
    "ContactNumber",
    "Instalment",
    "Message",
    "MessageTemplate",
    "Policy",
    "SearchWord",
    "Vehicle",
]
