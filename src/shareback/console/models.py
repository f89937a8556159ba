"""What the console keeps: who may do what in which programme, and who looked at what."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shareback.journal.models import Programme


class RoleGrant(models.Model):
    """Somebody has a role in a programme, from when until when.

    A grant is never changed into another or removed: it ends, so that the trail can be read.

    Attributes:
        granted_by: Who granted it, such as ``cli:li`` or a user's name.
        ended_at: When it was taken back; nothing while it holds.
    """

    class Role(models.TextChoices):
        """What the console knows people to be (roles.py says what each may)."""

        OPERATOR = "operator"
        APPROVER = "approver"
        FINANCE = "finance"
        AUDITOR = "auditor"
        SUPPORT = "support"

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="console_grants"
    )
    role = models.CharField(max_length=10, choices=Role.choices)
    granted_by = models.CharField(max_length=200)
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A role once for each person and programme, at a time."""

        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user", "role"],
                condition=Q(ended_at=None),
                name="role_grant_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["user", "programme"], condition=Q(ended_at=None), name="role_grant_of_user"
            )
        ]


class AuditEntry(models.Model):
    """Somebody looked at a page of the console, or changed something there.

    Added once; the database refuses to change or remove it.

    Attributes:
        programme: Whose page it was; nothing where a log-in belongs to none.
        user: Who; nothing where nobody had logged in.
        who: Their user name as it was then.
        roles: Theirs in the programme then, separated by commas.
        address: From where, as the server saw it.
        page: The page's name in roles.py.
        path: Its address, with what was asked.
        status: The HTTP status of the answer.
        changed: Whether it was a change that was made, not only a look.
        detail: What was changed, in one line.
    """

    at = models.DateTimeField(auto_now_add=True)
    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        null=True,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
    )
    who = models.CharField(max_length=200, blank=True, default="")
    roles = models.CharField(max_length=60, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    method = models.CharField(max_length=8)
    page = models.CharField(max_length=100)
    path = models.CharField(max_length=500)
    status = models.SmallIntegerField()
    changed = models.BooleanField(default=False)
    detail = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """Read from the latest on: all of a programme, one person's, or changes alone."""

        indexes = [
            models.Index(fields=["programme", "id"], name="audit_of_programme"),
            models.Index(fields=["programme", "user", "id"], name="audit_of_user"),
            models.Index(
                fields=["programme", "id"], condition=Q(changed=True), name="audit_changes"
            ),
        ]


class SpentCode(models.Model):
    """A one-time code that somebody has logged in with: it works once, on every server.

    Attributes:
        counter: Its number of half minutes since 1970 (RFC 6238).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    counter = models.BigIntegerField()

    class Meta:
        """Once."""

        constraints = [models.UniqueConstraint(fields=["user", "counter"], name="spent_code_once")]


class FailedTry(models.Model):
    """A log-in that failed, kept for a while so that nobody tries for ever.

    Attributes:
        key: What was tried: an account or an address, hashed.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Counted by key."""

        indexes = [models.Index(fields=["key", "at"], name="failed_try_of_key")]


class Proposal(models.Model):
    """What two people have to approve: proposed by one, and done with the second yes (A54).

    The three are different people; the table itself refuses anything else.

    Attributes:
        reason: Why, in the proposer's words.
        parameters: Those an amendment brings, as they would stand in the log.
        base: How many versions of the parameters there were when it was proposed.
        day: The local day from which it holds: of an amendment, or of the end.
        money: What is taken out of the treasury, µ¥.
        returned: The return whose money is to go back late.
        expires_at: When it lapses if nobody has decided it.
        answer: Why it was rejected.
        refusal: The engine's last refusal, such as "treasury_short"; it stays open with it.
    """

    class Kind(models.TextChoices):
        """What the rules want two approvers for (R2, R6.4, R10, R12)."""

        AMENDMENT = "amendment"
        REFUND = "refund"
        WITHDRAWAL = "withdrawal"
        END = "end"

    class State(models.TextChoices):
        """How far it has come."""

        OPEN = "open"
        DONE = "done"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=500)
    parameters = models.TextField(blank=True, default="")
    base = models.IntegerField(default=0)
    day = models.IntegerField(null=True)
    money = models.BigIntegerField(null=True)
    returned = models.ForeignKey(
        "mall.Return", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
    )
    first_at = models.DateTimeField(null=True)
    second_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
    )
    closed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True, default="")
    refusal = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """Read from the latest on; who approves is neither the proposer nor the other approver."""

        indexes = [
            models.Index(fields=["programme", "id"], name="proposal_of_programme"),
            models.Index(
                fields=["programme", "id"], condition=Q(state="open"), name="proposal_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_approver=None) | ~Q(first_approver=F("proposer")),
                name="proposal_first_is_another",
            ),
            models.CheckConstraint(
                condition=Q(second_approver=None)
                | Q(first_approver__isnull=False)
                & ~Q(second_approver=F("proposer"))
                & ~Q(second_approver=F("first_approver")),
                name="proposal_second_is_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(first_approver__isnull=False, second_approver__isnull=False),
                name="proposal_done_by_two",
            ),
            models.CheckConstraint(
                condition=Q(kind="amendment", day__isnull=False)
                | Q(kind="end", day__isnull=False)
                | Q(kind="withdrawal", money__gt=0)
                | Q(kind="refund", returned__isnull=False),
                name="proposal_says_what",
            ),
            models.UniqueConstraint(
                fields=["returned"], condition=Q(state="open"), name="proposal_once_a_return"
            ),
        ]
