"""Who may call the API, and what they wrote."""

from django.db import models

from shareback.journal.models import OfProgramme


class Client(OfProgramme):
    """A programme's API client, such as a mall's server.

    Attributes:
        client_id: Under which it asks for tokens.
        scopes: What it may do, separated by spaces.
        networks: From where it may call, in CIDR, separated by spaces; anywhere if empty.
        requests_per_minute: Above this it is turned away.
        active: Whether it may call at all.
    """

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.IntegerField()
    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    scopes = models.TextField()
    networks = models.TextField(blank=True, default="")
    requests_per_minute = models.IntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        """A client is allowed at least one call."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(requests_per_minute__gt=0), name="client_may_call"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Secret(OfProgramme):
    """A client's secret, as its SHA-256: 256 random bits need no slow hash.

    Two may hold at once, so that a secret is rotated without a pause; `ends_at` is µs UTC.
    """

    pk = models.CompositePrimaryKey("programme", "client", "digest")
    client = models.IntegerField()
    digest = models.BinaryField(max_length=32)
    made_at = models.BigIntegerField()
    ends_at = models.BigIntegerField(null=True)


class SigningKey(models.Model):
    """A key under which access tokens are signed; the latest signs, all verify."""

    kid = models.CharField(max_length=40, primary_key=True)
    key = models.BinaryField(max_length=32)
    made_at = models.BigIntegerField()

    def __str__(self) -> str:
        return self.kid


class Written(OfProgramme):
    """One write through the API: who, from where, what, and what it came to.

    Written in the transaction of the write itself. `request` is the SHA-256 of the body; `refused`
    counts the lines of a bulk call that could not be read too, and `code` is the first refusal of
    the rules.
    """

    pk = models.CompositePrimaryKey("programme", "at", "nonce")
    at = models.BigIntegerField()
    nonce = models.BigIntegerField()
    client = models.IntegerField()
    address = models.CharField(max_length=45)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    key = models.CharField(max_length=200)
    request = models.BinaryField(max_length=32)
    accepted = models.IntegerField()
    refused = models.IntegerField()
    code = models.SmallIntegerField()


class BulkAnswer(OfProgramme):
    """The whole answer to a bulk write under its idempotency key, compressed, for ever (A20)."""

    pk = models.CompositePrimaryKey("programme", "key")
    key = models.CharField(max_length=200)
    request = models.BinaryField(max_length=32)
    body = models.BinaryField()


class Connection(OfProgramme):
    """A mall that sends webhooks: their shape, and the secret that signs them.

    Attributes:
        name: In its address.
        number: In `Written.client` it stands with a minus, since it is no client.
        shape: A shape that comes with Shareback, or "" where `mapping` holds one.
        mapping: The text of a shape of the mall's own, in TOML.
        secret: As given: an HMAC needs the secret itself, so no digest of it would do.
        secret_before: The one before, which holds until `before_ends_at`, µs UTC.
        client_id: What Youzan signs with the secret; it is none itself.
        networks: From where deliveries may come, in CIDR, separated by spaces; anywhere if empty.
        prefix: Stands before the ids of the mall's orders, members and merchants.
        merchant_id: The merchant of orders for which the shape names none.
        active: Whether deliveries are taken at all.
    """

    pk = models.CompositePrimaryKey("programme", "name")
    name = models.CharField(max_length=60)
    number = models.IntegerField()
    shape = models.CharField(max_length=60)
    mapping = models.TextField(blank=True, default="")
    secret = models.CharField(max_length=500)
    secret_before = models.CharField(max_length=500, blank=True, default="")
    before_ends_at = models.BigIntegerField(default=0)
    client_id = models.CharField(max_length=200, blank=True, default="")
    networks = models.TextField(blank=True, default="")
    prefix = models.CharField(max_length=60, blank=True, default="")
    merchant_id = models.CharField(max_length=200, blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        """No two connections of a programme share a number."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="connection_number")
        ]

    def __str__(self) -> str:
        return self.name


class AccessChange(OfProgramme):
    """Somebody of the operator's changed who may call: written in the change's own transaction.

    Attributes:
        at: µs UTC.
        who: The user of the operating system, as ``cli:name``; a console writes its own.
        what: What was done.
        subject: The client's id, or the connection's name.
        given: What it was given, as JSON; never a secret.
    """

    class What(models.TextChoices):
        """What can be done."""

        CLIENT_OPENED = "client opened"
        CLIENT_ROTATED = "client's secret rotated"
        CLIENT_CLOSED = "client closed"
        CONNECTION_OPENED = "connection opened"
        CONNECTION_CHANGED = "connection's secret changed"
        CONNECTION_CLOSED = "connection closed"
        CONFLICT_SETTLED = "conflict settled"

    pk = models.CompositePrimaryKey("programme", "at", "nonce")
    at = models.BigIntegerField()
    nonce = models.BigIntegerField()
    who = models.CharField(max_length=200)
    what = models.CharField(max_length=40, choices=What.choices)
    subject = models.CharField(max_length=200)
    given = models.TextField()


class Conflict(OfProgramme):
    """A payment that a connected mall told of under the id of an order that is another's already.

    Nothing was done with it, and sending it again would change nothing: people must look.

    Attributes:
        digest: SHA-256 over the connection and what it told: the same is kept once.
        at: When it came first, µs UTC.
        connection: The connection's number.
        money: What was paid as the mall tells it, µ¥.
        settled_at: When somebody had looked, µs UTC.
    """

    pk = models.CompositePrimaryKey("programme", "digest")
    digest = models.BinaryField(max_length=32)
    at = models.BigIntegerField()
    connection = models.IntegerField()
    order_id = models.CharField(max_length=200)
    member_id = models.CharField(max_length=200)
    merchant_id = models.CharField(max_length=200, blank=True, default="")
    money = models.BigIntegerField()
    settled_at = models.BigIntegerField(null=True)

    class Meta:
        """Those that wait for somebody are found without a scan."""

        indexes = [
            models.Index(
                fields=["programme", "at"],
                condition=models.Q(settled_at=None),
                name="conflict_open",
            )
        ]


class RefundRequest(OfProgramme):
    """A large late refund that was asked for, and waits for a second client's approval (R6.4).

    Attributes:
        path: Order and refund as they stand in its address: no two have the same.
        money: µ¥.
        asked_by: The client's number; with a minus a connection's.
        asked_at: µs UTC.
        approved_by: The other client's number, once the refund was given.
        approved_at: µs UTC.
    """

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    path = models.CharField(max_length=410)
    order_id = models.CharField(max_length=200)
    refund_id = models.CharField(max_length=200)
    money = models.BigIntegerField()
    asked_by = models.IntegerField()
    asked_at = models.BigIntegerField()
    approved_by = models.IntegerField(null=True)
    approved_at = models.BigIntegerField(null=True)

    class Meta:
        """A refund is asked for once; nobody approves what they asked for themselves."""

        indexes = [
            models.Index(
                fields=["programme", "number"],
                condition=models.Q(approved_by=None),
                name="refund_request_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["programme", "path"], name="refund_request_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
                name="refund_request_two",
            ),
        ]
