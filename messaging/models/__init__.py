from messaging.models.campaigns import Campaign
from messaging.models.contact_imports import (
    ChosenColumn,
    ContactImport,
    ContactImportFile,
    ContactImportPart,
)
from messaging.models.contacts import (
    Channel,
    ConsentWording,
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
from messaging.models.opt_outs import IncomingMessage, OptedOutNumber, OptOutStep
from messaging.models.sender_names import (
    DefaultSender,
    ReservedName,
    SenderName,
    SenderNameFile,
)
from messaging.models.templates import MessageTemplate, StartedTemplates

__all__ = [
    "Campaign",
    "Channel",
    "ChosenColumn",
    "ConsentWording",
    "Contact",
    "ContactConsent",
    "ContactGroup",
    "ContactImport",
    "ContactImportFile",
    "ContactImportPart",
    "ContactNumber",
    "DefaultSender",
    "IncomingMessage",
    "Instalment",
    "Message",
    "MessageTemplate",
    "OptOutStep",
    "OptedOutNumber",
    "Policy",
    "ReservedName",
    "SearchWord",
    "SenderName",
    "SenderNameFile",
    "StartedTemplates",
    "Vehicle",
]
