from messaging.models.campaigns import Campaign
from messaging.models.contacts import Contact, Policy, Vehicle
from messaging.models.messages import Message
from messaging.models.templates import MessageTemplate

__all__ = [
    "Campaign",
    "Contact",
    "Message",
    "MessageTemplate",
    "Policy",
    "Vehicle",
]
