from messaging.models.campaigns import Campaign, CampaignChunk
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
from messaging.models.gateways import DeliveryReport, DeliverySum, GatewayState, SendingTurn
from messaging.models.messages import Message
from messaging.models.opt_outs import IncomingMessage, OptedOutNumber, OptOutStep
from messaging.models.sender_names import (
    DefaultSender,
    ReservedName,
    SenderName,
    SenderNameFile,
)
from messaging.models.status_refreshes import StatusRefresh
from messaging.models.tallies import CampaignTally
from messaging.models.templates import MessageTemplate, StartedTemplates

__all__ = [
    "Campaign",
    "CampaignChunk",
    "CampaignTally",
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
    "DeliveryReport",
    "DeliverySum",
    "GatewayState",
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
    "SendingTurn",
    "StartedTemplates",
    "StatusRefresh",
    "Vehicle",
]
