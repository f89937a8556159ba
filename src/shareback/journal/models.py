"""The tables of a programme: its head, its accounts, its events.

Every primary key and index begins with the programme, which is the partition key of everything.
Rows of members, orders and so on hold the columns of ``shareback.rules.layout`` under the same
names; what a column means is said there. Constraints repeat the invariants of the rules.
"""

from django.db import models
from django.db.models import F, Q

from shareback.journal.heads import HeadColumns, books_constraints


class Programme(HeadColumns):
    """One points economy: its head row, its log's frontier, and its secret key.

    Attributes:
        name: Under which the engine finds it.
        key: 32 secret bytes, from which the salts of the log's leaves come.
        frontier: The roots of the log's perfect subtrees, as ``proofs.merkle`` writes them.
    """

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(max_length=200, unique=True)
    key = models.BinaryField(max_length=32)
    frontier = models.BinaryField()

    class Meta:
        """The books of every programme balance in the database too."""

        constraints = books_constraints("programme")

    def __str__(self) -> str:
        return self.name


class OfProgramme(models.Model):
    """What belongs to a programme; the key is never enforced row by row, for speed."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )

    class Meta:
        """No table of its own."""

        abstract = True


class Terms(OfProgramme):
    """A version of the parameters, as JSON in the form that stands in the log.

    ``from_day`` is the local day from which it holds; 0 for the first.
    """

    pk = models.CompositePrimaryKey("programme", "version")
    version = models.SmallIntegerField()
    from_day = models.IntegerField(default=0)
    parameters = models.TextField()


class Member(OfProgramme):
    """A member's account."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.IntegerField()
    points = models.BigIntegerField()
    cash = models.BigIntegerField()
    coins = models.BigIntegerField()
    quota = models.BigIntegerField()
    used = models.BigIntegerField()
    index = models.BigIntegerField()
    tier = models.SmallIntegerField()
    earned = models.BigIntegerField()
    dividends = models.BigIntegerField()
    receivable = models.BigIntegerField()
    receivable_treasury = models.BigIntegerField()
    referrer = models.IntegerField()
    party = models.BigIntegerField()
    key = models.BigIntegerField()
    retier = models.SmallIntegerField()

    class Meta:
        """Exits and tier changes are found through an index, never by a scan (R5.2)."""

        indexes = [
            models.Index(
                fields=["programme", "tier", "key", "number"],
                condition=Q(points__gt=0),
                name="member_exits",
            ),
            models.Index(
                fields=["programme", "number"], condition=Q(retier=1), name="member_retier"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, cash__gte=0, coins__gte=0, used__gte=0),
                name="member_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(receivable_treasury__gte=0, receivable__gte=F("receivable_treasury")),
                name="member_receivable",
            ),
        ]


class Merchant(OfProgramme):
    """A merchant's account."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.IntegerField()
    points = models.BigIntegerField()
    cost = models.BigIntegerField()
    coins = models.BigIntegerField()
    payable = models.BigIntegerField()
    party = models.BigIntegerField()

    class Meta:
        """Nothing is ever owed by a merchant's account."""

        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, cost__gte=0, coins__gte=0, payable__gte=0),
                name="merchant_above_zero",
            )
        ]


class Order(OfProgramme):
    """An order as it was paid; what it came to at maturity stands in `Maturity`."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    member = models.IntegerField()
    merchant = models.IntegerField()
    referrer = models.IntegerField()
    terms = models.SmallIntegerField()
    backing = models.IntegerField()
    paid = models.BigIntegerField()
    refunded = models.BigIntegerField()
    profit = models.BigIntegerField()
    state = models.SmallIntegerField()
    paid_day = models.IntegerField()
    due_day = models.IntegerField()
    linked = models.SmallIntegerField()
    order_id = models.CharField(max_length=200)

    class Meta:
        """One order an order id; what is due, bought or brought is found without a scan."""

        indexes = [
            models.Index(fields=["programme", "due_day"], name="order_due"),
            models.Index(fields=["programme", "member", "number"], name="order_member"),
            models.Index(
                fields=["programme", "referrer", "number"],
                condition=Q(referrer__gt=0),
                name="order_referrer",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["programme", "order_id"], name="order_once"),
            models.CheckConstraint(
                condition=Q(paid__gt=0, refunded__gte=0, paid__gte=F("refunded")),
                name="order_refunds_within_paid",
            ),
        ]


class Maturity(OfProgramme):
    """What an order came to when it matured (R6.3), and what late refunds took back (R6.4)."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    points_buyer = models.BigIntegerField()
    points_referrer = models.BigIntegerField()
    earned_buyer = models.BigIntegerField()
    earned_referrer = models.BigIntegerField()
    dividends_buyer = models.BigIntegerField()
    dividends_referrer = models.BigIntegerField()
    matured_net = models.BigIntegerField()
    taken_buyer = models.BigIntegerField()
    taken_referrer = models.BigIntegerField()
    day = models.IntegerField()

    class Meta:
        """No more is taken back than was given."""

        constraints = [
            models.CheckConstraint(
                condition=Q(
                    taken_buyer__lte=F("points_buyer"), taken_referrer__lte=F("points_referrer")
                ),
                name="maturity_taken_within_given",
            )
        ]


class Refund(OfProgramme):
    """A refund of an order, once for each refund id (A18).

    ``paid_out`` is the money that it gave back after what the buyer owed (R6.4); ``member`` is
    the order's, so that a statement finds late refunds of old orders by their key.
    """

    pk = models.CompositePrimaryKey("programme", "order", "refund_id")
    order = models.BigIntegerField()
    refund_id = models.CharField(max_length=200)
    money = models.BigIntegerField()
    paid_out = models.BigIntegerField()
    sequence = models.BigIntegerField()
    member = models.IntegerField()

    class Meta:
        """Found by the member whose order it is."""

        indexes = [models.Index(fields=["programme", "member", "sequence"], name="refund_member")]


class Payment(OfProgramme):
    """A payment with coins or points at a merchant."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    with_points = models.SmallIntegerField()
    payer_member = models.IntegerField()
    payer_merchant = models.IntegerField()
    merchant = models.IntegerField()
    amount = models.BigIntegerField()
    refunded = models.BigIntegerField()
    payment_id = models.CharField(max_length=200)

    class Meta:
        """One payment a payment id, and never more back than was paid."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "payment_id"], name="payment_once"),
            models.CheckConstraint(
                # The fee may leave nothing of a payment with points to its merchant.
                condition=Q(refunded__gte=0, amount__gte=F("refunded")),
                name="payment_refunds_within_amount",
            ),
        ]


class Identity(OfProgramme):
    """The outside id of a member or merchant, and the salt of its commitments.

    Erasing the salt leaves every root of the log as it is, and every commitment unopenable.
    ``referrer`` and ``party`` are those with which the account was opened: whoever opens it once
    more must say the same (A20), whatever has been said since.
    """

    class Kind(models.IntegerChoices):
        """Whose id it is."""

        MEMBER = 1
        MERCHANT = 2

    pk = models.CompositePrimaryKey("programme", "kind", "number")
    kind = models.SmallIntegerField(choices=Kind.choices)
    number = models.IntegerField()
    referrer = models.IntegerField()
    party = models.BigIntegerField()
    outside_id = models.CharField(max_length=200)
    salt = models.BinaryField(max_length=16)

    class Meta:
        """One account an id."""

        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "outside_id"], name="identity_once"
            )
        ]


class Event(OfProgramme):
    """An entry of the log: canonical bytes, inputs only. Never changed, never removed."""

    pk = models.CompositePrimaryKey("programme", "sequence")
    sequence = models.BigIntegerField()
    body = models.BinaryField()


class Movement(OfProgramme):
    """Something that happened to an account beside its orders, for statements and notices."""

    pk = models.CompositePrimaryKey("programme", "sequence", "line")
    sequence = models.BigIntegerField()
    line = models.IntegerField()
    kind = models.SmallIntegerField()
    day = models.IntegerField()
    member = models.IntegerField()
    merchant = models.IntegerField()
    order = models.BigIntegerField()
    points = models.BigIntegerField()
    gross = models.BigIntegerField()
    money = models.BigIntegerField()
    coins = models.BigIntegerField()

    class Meta:
        """Found by the account that it concerns."""

        indexes = [
            models.Index(
                fields=["programme", "member", "sequence"],
                condition=Q(member__gt=0),
                name="movement_member",
            ),
            models.Index(
                fields=["programme", "merchant", "sequence"],
                condition=Q(merchant__gt=0),
                name="movement_merchant",
            ),
        ]


class Day(HeadColumns):
    """The figures of a closed day, and the root of the log when it had closed (R7.5)."""

    pk = models.CompositePrimaryKey("programme", "day")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    root = models.BinaryField(max_length=32)


class Answer(OfProgramme):
    """The answer to a command that came with an idempotency key; kept for ever (A20, A21)."""

    pk = models.CompositePrimaryKey("programme", "key")
    key = models.CharField(max_length=200)
    request = models.BinaryField(max_length=32)
    body = models.TextField()


class Import(OfProgramme):
    """How far an orders file has been imported, so that a run that was cut off goes on."""

    pk = models.CompositePrimaryKey("programme", "digest")
    digest = models.CharField(max_length=64)
    position = models.BigIntegerField()
    finished = models.BooleanField(default=False)


class StatementMark(OfProgramme):
    """How far a member's statement has been kept, and how its account stood then.

    Derived, as the pages and dividends below: rows may be removed at any time, and come again.
    Under member 0 stands how far the pass that looks for long statements has come.
    """

    pk = models.CompositePrimaryKey("programme", "member")
    member = models.IntegerField()
    layout = models.SmallIntegerField()
    day = models.IntegerField()
    entries = models.BigIntegerField()
    account = models.BinaryField()
    months = models.BinaryField()
    waiting = models.BinaryField()
    brought = models.BinaryField()


class StatementPage(OfProgramme):
    """So many entries of a member's statement, packed."""

    pk = models.CompositePrimaryKey("programme", "member", "page")
    member = models.IntegerField()
    page = models.BigIntegerField()
    body = models.BinaryField()


class StatementDividends(OfProgramme):
    """The dividends of a month of a member's statement, packed."""

    pk = models.CompositePrimaryKey("programme", "member", "month")
    member = models.IntegerField()
    month = models.IntegerField()
    body = models.BinaryField()
