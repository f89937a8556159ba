"""Where a programme's events are sent, and how far they have come."""

from django.db import models

from shareback.gateways.bank.models import (
    BankAccount,
    BankLine,
    BankStatement,
    Match,
    Reconciliation,
)
from shareback.gateways.payments.models import PlayPayment, PlayRefund
from shareback.journal.models import OfProgramme

# Django looks for an app's tables here.
__all__ = [
    "BankAccount",
    "BankLine",
    "BankStatement",
    "Delivery",
    "Endpoint",
    "KeptAnswer",
    "Match",
    "PlayPayment",
    "PlayRefund",
    "Reconciliation",
]


class Endpoint(OfProgramme):
    """An address of an API client to which a programme's events are sent.

    Attributes:
        client: The number of the API client that registered it.
        secret: Under which messages are signed, as Standard Webhooks writes it.
        types: Types of messages that it wants, separated by spaces; all if empty.
        active: Whether anything is sent at all.
        position: The sequence number of the event to read next.
        line: Where to go on within that event.
        dropping: Whether messages from `position` on are there that a replay has yet to drop.
        made_at: µs UTC.
    """

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.IntegerField()
    client = models.IntegerField()
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80)
    types = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)
    position = models.BigIntegerField()
    line = models.BigIntegerField(default=0)
    dropping = models.BooleanField(default=False)
    made_at = models.BigIntegerField()

    class Meta:
        """However many are switched off, those that are on are found without a scan.

        The partial index is taken by SQLite too: that a boolean is true, Django spells out.
        """

        indexes = [
            models.Index(fields=["programme", "client", "number"], name="endpoint_client"),
            models.Index(
                fields=["programme", "client", "number"],
                condition=models.Q(active=True),
                name="endpoint_active",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(OfProgramme):
    """A message to an endpoint: what there is to send, when, and what came of it.

    Of each member's messages the first that is not delivered is `PENDING` or `FAILED`, and those
    behind it are `PARKED`: so what is due is found by index, however much waits.

    Attributes:
        sequence: The event that it tells of.
        line: Which of the event's messages it is.
        member: Whose it is; 0 for nobody's. The messages of one member go out in order.
        type: Such as ``order.paid``.
        attempts: How often it was sent without success, and the time that succeeded.
        next_at: When it is due, µs UTC; while it is being sent, when somebody else may take it;
            once it was delivered, when that was.
        last_status: The last HTTP status; 0 where there was no answer.
        last_error: Why the last attempt failed, in a few words.
        body: What is sent; empty once it was delivered, since the journal has it.
    """

    class State(models.IntegerChoices):
        """How far a message has come."""

        PENDING = 1
        PARKED = 2
        DELIVERED = 3
        FAILED = 4

    pk = models.CompositePrimaryKey("programme", "endpoint", "sequence", "line")
    endpoint = models.IntegerField()
    sequence = models.BigIntegerField()
    line = models.BigIntegerField()
    member = models.IntegerField()
    type = models.CharField(max_length=40)
    state = models.SmallIntegerField(choices=State.choices)
    attempts = models.SmallIntegerField(default=0)
    next_at = models.BigIntegerField()
    last_status = models.SmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField(blank=True)

    class Meta:
        """What is due, whose turn it is, and what failed are found without a scan.

        None of them is partial: SQLite takes a partial index only where the statement spells its
        condition out.
        """

        indexes = [
            models.Index(fields=["programme", "endpoint", "state", "next_at"], name="delivery_due"),
            models.Index(
                fields=["programme", "endpoint", "member", "state", "sequence", "line"],
                name="delivery_turn",
            ),
            models.Index(
                fields=["programme", "endpoint", "state", "sequence", "line"],
                name="delivery_state",
            ),
        ]


class KeptAnswer(OfProgramme):
    """The answer to a write that is none of the journal's, under its idempotency key (A20).

    Attributes:
        request: SHA-256 of the method, the address and the body.
        body: The answer; where it told a secret, null in the secret's place.
        secret_of: The number of the endpoint whose secret the answer told; 0 if it told none.
        whole: SHA-256 of the answer with its secret; empty if it told none.
    """

    pk = models.CompositePrimaryKey("programme", "client", "key")
    client = models.IntegerField()
    key = models.CharField(max_length=200)
    request = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    body = models.TextField()
    secret_of = models.IntegerField(default=0)
    whole = models.BinaryField(max_length=32, default=b"")
