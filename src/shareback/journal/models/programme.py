"""A programme: its head, its terms, the figures of its days; and what belongs to it."""

from django.db import models

from shareback.journal.heads import HeadColumns, books_constraints


class Halt(models.IntegerChoices):
    """Why a programme pays nothing out for the moment (R3.1, R10)."""

    NONE = 0
    BANK_SHORT = 1
    BANK_UNEXPLAINED = 2


class Programme(HeadColumns):
    """One points economy: its head row, its log's frontier, and its secret key.

    Attributes:
        name: Under which the engine finds it.
        key: 32 secret bytes, from which the salts of the log's leaves come.
        frontier: The roots of the log's perfect subtrees, as ``proofs.merkle`` writes them.
        halted: Why nothing is paid out for the moment, a `Halt`; it is no part of the log, and
            is changed by `journal.halting.set_halted` alone.
    """

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(max_length=200, unique=True)
    key = models.BinaryField(max_length=32)
    frontier = models.BinaryField()
    halted = models.SmallIntegerField(choices=Halt.choices, default=Halt.NONE)

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


class Day(HeadColumns):
    """The figures of a closed day, and the root of the log when it had closed (R7.5)."""

    pk = models.CompositePrimaryKey("programme", "day")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    root = models.BinaryField(max_length=32)
