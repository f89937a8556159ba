"""The bank's statements, what their lines were matched to, and each comparison with the books."""

from django.db import models
from django.db.models import Q

from shareback.journal.models import OfProgramme


class BankAccount(OfProgramme):
    """An account that holds the programme's money; its row is what imports wait for.

    Attributes:
        name: As the operator calls it.
    """

    pk = models.CompositePrimaryKey("programme", "name")
    name = models.CharField(max_length=100)

    class Meta:
        """One of the gateways' tables."""

        app_label = "gateways"


class BankStatement(OfProgramme):
    """A statement of an account, once however often its file is imported.

    Attributes:
        account: The name of a `BankAccount`.
        from_day: Its first local day.
        to_day: Its last.
        opening: The balance before its first line, in µ¥.
        closing: The balance after its last.
        digest: SHA-256 of the file, in hexadecimal digits.
        part: Which statement of the file it is, from 0.
        imported_by: Who imported it.
        imported_at: µs UTC.
    """

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.IntegerField()
    account = models.CharField(max_length=100)
    from_day = models.IntegerField()
    to_day = models.IntegerField()
    opening = models.BigIntegerField()
    closing = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    part = models.IntegerField(default=0)
    imported_by = models.CharField(max_length=150)
    imported_at = models.BigIntegerField()

    class Meta:
        """One row a statement; an account's statements are read in order of days."""

        app_label = "gateways"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "digest", "part"], name="bank_statement_once"
            )
        ]
        indexes = [
            models.Index(fields=["programme", "account", "to_day"], name="bank_statement_days")
        ]


class BankLine(OfProgramme):
    """A line of a statement, once in however many statements it stands.

    Attributes:
        line_id: The bank's own number of it, or a digest of what it says.
        day: The local day on which it was booked.
        amount: In µ¥; above 0 where money came.
        statement: The number of the statement that brought it.
        seen_at: When, µs UTC: an unexplained line's 24 hours run from here.
    """

    class State(models.IntegerChoices):
        """What is known of it."""

        OPEN = 0
        MATCHED = 1
        EXPLAINED = 2
        OWN = 3

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    account = models.CharField(max_length=100)
    line_id = models.CharField(max_length=100)
    day = models.IntegerField()
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=200)
    text = models.CharField(max_length=500)
    statement = models.IntegerField()
    state = models.SmallIntegerField(choices=State.choices, default=State.OPEN)
    seen_at = models.BigIntegerField()

    class Meta:
        """One row a line; what is open is found without a scan."""

        app_label = "gateways"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "account", "line_id"], name="bank_line_once"
            )
        ]
        indexes = [
            models.Index(fields=["programme", "state", "day"], name="bank_line_state"),
            models.Index(fields=["programme", "account", "day"], name="bank_line_day"),
        ]


class Match(OfProgramme):
    """A line of the bank's and what the journal says of it, or a person does.

    A line that is a whole day's sum is matched to a stretch of the journal, and there to all
    that moved money of some kinds.

    Attributes:
        line: The number of a `BankLine`; 0 for what the journal says and no bank ever will.
        line_day: Its day.
        first: The first entry of the journal; -1 where a person explains a line.
        last: The last.
        day: The local day of the entries.
        kinds: Their kinds, as a sum of 2 to the power of each.
        amount: What they come to, in µ¥.
        how: How they were found.
        by: Who explained it; "" where nobody had to.
        text: With which words.
        at: When, µs UTC.
    """

    class How(models.TextChoices):
        """How a match was found."""

        REFERENCE = "reference"
        AMOUNT = "amount"
        DAY = "day"
        OWN = "own"
        HAND = "hand"

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    line = models.BigIntegerField()
    line_day = models.IntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    day = models.IntegerField()
    kinds = models.BigIntegerField()
    amount = models.BigIntegerField()
    how = models.CharField(max_length=10, choices=How.choices)
    by = models.CharField(max_length=150, default="")
    text = models.CharField(max_length=500, default="")
    at = models.BigIntegerField()

    class Meta:
        """A line is matched once, an entry explained once; found by day."""

        app_label = "gateways"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "line"], condition=Q(line__gt=0), name="bank_match_of_line"
            )
        ]
        indexes = [models.Index(fields=["programme", "day"], name="bank_match_day")]


class Reconciliation(OfProgramme):
    """A comparison of the books with the bank, as of the end of a local day.

    Attributes:
        at: When it was made, µs UTC.
        day: As of the end of which local day.
        books_bank: What the bank must hold by the books, in µ¥ (R10).
        books_reserve: The reserve R among it (R3.1).
        bank: What it holds by its own statements.
        in_transit: What the books have and the bank is still to show.
        unexplained: What is left; 0 where all is well.
        open_lines: How many lines of the bank's no book explains.
        missing: How many entries of the journal no statement shows in time.
        gap: By how much the bank's statements fail to follow from each other, in µ¥.
        days_missing: Days between statements for which there is none.
        state: What follows.
        rest_since: Since when something is unexplained that is no open line, µs UTC.
        since: Since when anything is unexplained, µs UTC.
        open_from: The first local day of which an entry is still to be shown.
    """

    class State(models.IntegerChoices):
        """What follows from it; from `SHORT` on, payouts rest."""

        AGREED = 0
        UNEXPLAINED = 1
        SHORT = 2
        OVERDUE = 3

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    at = models.BigIntegerField()
    day = models.IntegerField()
    books_bank = models.BigIntegerField()
    books_reserve = models.BigIntegerField()
    bank = models.BigIntegerField()
    in_transit = models.BigIntegerField()
    unexplained = models.BigIntegerField()
    open_lines = models.IntegerField()
    missing = models.IntegerField()
    gap = models.BigIntegerField(default=0)
    days_missing = models.IntegerField(default=0)
    state = models.SmallIntegerField(choices=State.choices)
    rest_since = models.BigIntegerField(null=True)
    since = models.BigIntegerField(null=True)
    open_from = models.IntegerField()

    class Meta:
        """One of the gateways' tables."""

        app_label = "gateways"
