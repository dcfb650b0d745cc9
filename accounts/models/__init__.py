from accounts.models.agencies import Agency
from accounts.models.consents import Consent
from accounts.models.data_exports import DataExport, DataExportPart
from accounts.models.email_changes import EmailChange
from accounts.models.events import Event, EventKind
from accounts.models.invitations import Invitation
from accounts.models.mails import OutgoingMail
from accounts.models.people import ROWS_PER_PAGE, User

__all__ = [
    "ROWS_PER_PAGE",
    "Agency",
    "Consent",
    "DataExport",
    "DataExportPart",
    "EmailChange",
    "Event",
    "EventKind",
    "Invitation",
    "OutgoingMail",
    "User",
]
