"""What proves the journal to others: what was touched, the tree of accounts, checkpoints, keys.

`Touched` and `ClosedAccounts` are on their way only: a batch writes which accounts it changed, a
close how these stood then, and the pass that draws up the liabilities takes both away again.
"""

from django.db import models

from shareback.journal.models.programme import OfProgramme


class Touched(OfProgramme):
    """The accounts that a batch changed after its last close; ``sequence`` is the log's size."""

    pk = models.CompositePrimaryKey("programme", "sequence")
    sequence = models.BigIntegerField()
    members = models.BinaryField()
    merchants = models.BinaryField()


class ClosedAccounts(OfProgramme):
    """How the accounts that a day touched stood when it had closed, and the programme with them.

    Attributes:
        members, merchants: How many accounts there were.
        sequence: How many entries the log had.
        root: Its root.
        body: The accounts, packed; columns as `kernels.sums` takes them.
    """

    pk = models.CompositePrimaryKey("programme", "day")
    day = models.IntegerField()
    sequence = models.BigIntegerField()
    index = models.BigIntegerField()
    reserve = models.BigIntegerField()
    supply = models.BigIntegerField()
    last_price = models.BigIntegerField()
    members = models.BigIntegerField()
    merchants = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    body = models.BinaryField()


class AccountBlock(OfProgramme):
    """Sixteen nodes of the tree of accounts, side by side; level 0 has the leaves.

    A block that has no row has no account below it.
    """

    pk = models.CompositePrimaryKey("programme", "level", "place")
    level = models.SmallIntegerField()
    place = models.IntegerField()
    body = models.BinaryField()


class Checkpoint(OfProgramme):
    """What was published when a day had closed; never changed, but for who vouches for it.

    Attributes:
        size: How many entries the log had.
        root: Its root.
        liabilities: What the programme owed then, as `proofs.sum_tree.Liabilities` writes it.
        note: The checkpoint with the signatures of the programme's own keys.
    """

    pk = models.CompositePrimaryKey("programme", "day")
    day = models.IntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    liabilities = models.BinaryField(max_length=160)
    note = models.TextField()

    class Meta:
        """One checkpoint a size."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "size"], name="checkpoint_once")
        ]


class LogKey(OfProgramme):
    """A key that signs a programme's checkpoints; ``secret`` is erased when it is retired."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.SmallIntegerField()
    origin = models.CharField(max_length=200)
    public = models.BinaryField(max_length=32)
    secret = models.BinaryField(max_length=32)
    from_day = models.IntegerField()
    retired_day = models.IntegerField(null=True)


class Witness(OfProgramme):
    """A witness that is asked to cosign a programme's checkpoints.

    Attributes:
        name: Its key's name.
        url: Where it is asked.
        public: Its key, 32 bytes.
        seen: The size of the last checkpoint that it cosigned.
        fault: What it answered last, if not with a cosignature.
    """

    pk = models.CompositePrimaryKey("programme", "name")
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=500)
    public = models.BinaryField(max_length=32)
    seen = models.BigIntegerField(default=0)
    fault = models.CharField(max_length=200, default="")


class Cosignature(OfProgramme):
    """A witness' line under a checkpoint."""

    pk = models.CompositePrimaryKey("programme", "day", "witness")
    day = models.IntegerField()
    witness = models.CharField(max_length=200)
    line = models.TextField()


class LogTile(OfProgramme):
    """256 hashes of a level of the log's tree; what is not full is made when it is asked for."""

    pk = models.CompositePrimaryKey("programme", "level", "place")
    level = models.SmallIntegerField()
    place = models.BigIntegerField()
    body = models.BinaryField(max_length=8192)


class BalanceCheck(OfProgramme):
    """That somebody has checked an account against a checkpoint, once for each."""

    pk = models.CompositePrimaryKey("programme", "day", "kind", "number")
    day = models.IntegerField()
    kind = models.SmallIntegerField()
    number = models.IntegerField()
