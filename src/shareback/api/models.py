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

    Written in the transaction of the write itself. `request` is the SHA-256 of the body.
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
