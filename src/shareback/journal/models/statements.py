"""What is kept of long statements."""

from django.db import models

from shareback.journal.models.programme import OfProgramme


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
