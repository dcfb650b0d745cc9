"""The audit trail (Zdarzenia): who did what to what, when, from where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.append_only import AppendOnlyModel


class EventKind(models.TextChoices):
    """What happened. `Event.kind` has no choices of its own, so that a new kind is no change of the table."""

    # Login
    LOGGED_IN = "logged_in", _("Logged in")
    LOGIN_FAILED = "login_failed", _("Login failed")
    LOGIN_BLOCKED = "login_blocked", _("Login blocked after too many attempts")
    LOGGED_OUT = "logged_out", _("Logged out")
    SESSIONS_ENDED = "sessions_ended", _("Other sessions logged out")
    PASSWORD_ASKED = "password_asked", _("One-time password requested")
    PASSWORD_MAILED = "password_mailed", _("One-time password mailed")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    PASSWORD_RESET = "password_reset", _("Password reset by mailed link")
    SECOND_FACTOR_ADDED = "second_factor_added", _("Second factor added")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("Second factor removed")
    SECOND_FACTOR_FAILED = "second_factor_failed", _("Second factor refused")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("Recovery codes made")
    RECOVERY_CODE_USED = "recovery_code_used", _("Recovery code used")
    EMAIL_CHANGE_ASKED = "email_change_asked", _("Change of e-mail requested")
    EMAIL_CHANGED = "email_changed", _("E-mail changed")
    # Agency and people
    AGENCY_REGISTERED = "agency_registered", _("Agency registered")
    AGENCY_CHANGED = "agency_changed", _("Agency data changed")
    PERSON_INVITED = "person_invited", _("Person invited")
    INVITATION_WITHDRAWN = "invitation_withdrawn", _("Invitation withdrawn")
    PERSON_JOINED = "person_joined", _("Person joined")
    PERSON_RENAMED = "person_renamed", _("Name changed")
    ROLE_CHANGED = "role_changed", _("Role changed")
    LIMIT_CHANGED = "limit_changed", _("Sending limit changed")
    PERSON_REMOVED = "person_removed", _("Person removed")
    # Clients and messages
    CONTACTS_IMPORTED = "contacts_imported", _("Clients imported")
    CONTACT_DELETED = "contact_deleted", _("Client deleted")
    CONSENTS_RECORDED = "consents_recorded", _("Consents of many clients recorded")
    CONSENT_WORDING_WRITTEN = "consent_wording_written", _("Wording of the consent written")
    OPT_OUTS_ADDED = "opt_outs_added", _("Opted-out numbers added")
    OPT_OUT_REMOVED = "opt_out_removed", _("Opt-out of a number taken back")
    TEMPLATE_DELETED = "template_deleted", _("Template deleted")
    TEMPLATE_ARCHIVED = "template_archived", _("Template archived")
    TEST_MESSAGE_SENT = "test_message_sent", _("Test message sent")
    DRAFT_DELETED = "draft_deleted", _("Draft of a campaign deleted")
    CAMPAIGN_CONFIRMED = "campaign_confirmed", _("Campaign sent")
    CAMPAIGN_PAUSED = "campaign_paused", _("Campaign paused")
    CAMPAIGN_RESUMED = "campaign_resumed", _("Campaign resumed")
    CAMPAIGN_CANCELLED = "campaign_cancelled", _("Campaign cancelled")
    GATEWAY_HALTED = "gateway_halted", _("Gateway halted")
    GATEWAY_RESUMED = "gateway_resumed", _("Gateway resumed")
    MESSAGES_SEEN = "messages_seen", _("Messages seen by the operator")
    # Sender names
    NAME_SUBMITTED = "name_submitted", _("Sender name submitted")
    NAME_TAKEN = "name_taken", _("Sender name taken into review")
    NAME_APPROVED = "name_approved", _("Sender name approved")
    NAME_AUTHORISED = "name_authorised", _("Sender name authorised")
    NAME_REJECTED = "name_rejected", _("Sender name rejected")
    NAME_REVOKED = "name_revoked", _("Sender name revoked")
    NAME_PERMITTED = "name_permitted", _("Sender name permitted for the agency")
    DEFAULT_SENDER_CHANGED = "default_sender_changed", _("Default sender name changed")
    NAME_FILE_FETCHED = "name_file_fetched", _("Document of a sender name downloaded")
    WORD_RESERVED = "word_reserved", _("Word reserved")
    WORD_FREED = "word_freed", _("Word no longer reserved")
    # Money
    PAYMENT_BOOKED = "payment_booked", _("Payment booked")
    LINE_ASSIGNED = "line_assigned", _("Transfer assigned to an agency")
    LINE_SET_ASIDE = "line_set_aside", _("Transfer set aside")
    LINE_TAKEN_BACK = "line_taken_back", _("Transfer waits again")
    PAYER_FORGOTTEN = "payer_forgotten", _("Payer's account forgotten")
    PAYMENT_UNDONE = "payment_undone", _("Payment undone")
    INVOICE_CORRECTED = "invoice_corrected", _("Invoice corrected")
    INVOICE_SENT_AGAIN = "invoice_sent_again", _("Invoice sent again")
    MONEY_PAID_BACK = "money_paid_back", _("Unused money to be paid back")
    RETURN_TRANSFERRED = "return_transferred", _("Money transferred back")
    STATEMENT_IMPORTED = "statement_imported", _("Statement imported")
    PRICE_SET = "price_set", _("Price set")
    PRICE_WITHDRAWN = "price_withdrawn", _("Price withdrawn")
    # Data
    LIST_EXPORTED = "list_exported", _("List exported")
    DATA_EXPORT_ASKED = "data_export_asked", _("Export of all data requested")
    DATA_EXPORT_FETCHED = "data_export_fetched", _("Export of all data downloaded")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")
    ACCOUNT_REOPENED = "account_reopened", _("Account opened again")
    DATA_ERASED = "data_erased", _("Clients and texts erased")


class Event(AppendOnlyModel):
    """One event. Written in the transaction of what it tells about, only by accounts/events.py."""

    at = models.DateTimeField(_("time"), default=timezone.now)
    kind = models.CharField(_("event"), max_length=24)
    # Whose data; empty for what concerns the operator alone, and for logins of nobody we know.
    agency = models.ForeignKey(
        "accounts.Agency",
        models.PROTECT,
        null=True,
        related_name="events",
        db_index=False,
        verbose_name=_("agency"),
    )
    # Empty for what the portal did by itself and for visitors.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    # To what: a name, a number, a file name; never a client's phone number or a message's text.
    subject = models.CharField(_("what"), max_length=200, blank=True)
    # The subject as searches compare it (accounts.folding).
    search_subject = models.CharField(max_length=400, editable=False, default="")
    ip = models.GenericIPAddressField(_("from where"), null=True)
    user_agent = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            # Lists, newest first: an agency's own, and the operator's by kind.
            models.Index("agency", F("id").desc(), name="event_newest_of_agency"),
            models.Index("kind", F("id").desc(), name="event_newest_of_kind"),
            # Used by the operator's list of some days.
            models.Index("at", name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        return str(EventKind(self.kind).label)
