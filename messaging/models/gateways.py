"""What all workers share about the gateways: whose turn it is, how fast, and whether at all."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GatewayState(models.Model):
    """How a provider is doing, as the workers of all machines see it. Written by messaging/gateway_states.py alone.

    It rests for seconds after requests that failed. It is halted, until it answers again or somebody of the operator
    resumes it, by what only people can mend: its account, its token, its funds.
    """

    class Halt(models.TextChoices):
        """The values of messaging.gateways.base.ErrorClass that halt a gateway."""

        CONFIGURATION = "configuration", _("The gateway refuses our account or our request.")
        FUNDS = "funds", _("Our account at the gateway is empty.")

    name = models.CharField(max_length=20, primary_key=True)
    # Of the next request, in microseconds since 1970: requests of all workers together keep the rate.
    next_slot = models.BigIntegerField(default=0)
    # Failed requests in a row, and until when the others wait.
    num_failures = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    halt = models.CharField(max_length=13, choices=Halt, blank=True)
    halt_code = models.CharField(max_length=20, blank=True)
    halted_at = models.DateTimeField(null=True)
    # When one batch is tried while it is halted.
    next_probe_at = models.DateTimeField(null=True)
    # Set while a job that applies this gateway's reports is on its way.
    reports_asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(halt="", halted_at=None) | ~Q(halt="") & Q(halted_at__isnull=False),
                name="gateway_state_halted_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SendingTurn(models.Model):
    """When an agency's messages were last taken: whoever waited longest comes next, however much others have."""

    agency = models.OneToOneField(
        "accounts.Agency", models.CASCADE, primary_key=True, related_name="sending_turn"
    )
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.taken_at}"


class DeliveryReport(models.Model):
    """What a gateway told about a message, as it came: applied in batches, kept as the message's history.

    A report may be faster than the answer to the request that it is about, so one of an unknown id waits
    (`next_try_at`) and is tried again. Written by messaging/report_inbox.py alone.
    """

    gateway = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=40)
    # Ours, as the gateway repeats it.
    idx = models.CharField(max_length=40, blank=True)
    # A value of Message.State, and the provider's own code for it.
    state = models.CharField(max_length=11)
    code = models.CharField(max_length=20, blank=True)
    # The phone's operator, as country and network (MCC and MNC, e.g. "26002"); empty where the gateway does not say.
    network = models.CharField(max_length=6, blank=True, default="")
    # When it happened, by the gateway's clock; 1970 where it does not say.
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # Empty until it is applied, and for ever where the message is not ours.
    message = models.ForeignKey(
        "messaging.Message", models.CASCADE, null=True, related_name="reports"
    )
    # Empty once it is applied or given up.
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The gateway says it again until it hears "OK".
            models.UniqueConstraint(
                fields=["provider_id", "code", "happened_at", "gateway"],
                name="delivery_report_once",
            )
        ]
        indexes = [
            models.Index(
                "next_try_at",
                "id",
                condition=Q(next_try_at__isnull=False),
                name="delivery_report_waiting",
            ),
            # Used to forget those of messages that are not ours.
            models.Index("received_at", condition=Q(message=None), name="delivery_report_unknown"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.state}"


class DeliverySum(models.Model):
    """How many messages of an agency ended in a status within an hour of a day (Warsaw), by the phone's operator.

    Written with the messages' final states by messaging/delivery_sums.py alone. Only ends that a report told count.
    """

    agency = models.ForeignKey("accounts.Agency", models.CASCADE, related_name="delivery_sums")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    network = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=11)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            # Also the index by which an agency's days are summed.
            models.UniqueConstraint(
                fields=["agency", "day", "hour", "network", "state"], name="delivery_sum_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}, {self.day} {self.hour}: {self.number} {self.state}"
