"""`decide`: the rules as a pure function from a state and a command to an answer.

The state here holds a whole programme in lists, with every slot equal to its number. It is what
tests, examples and readers use; production applies the same functions to the slice of a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shareback.rules.apply import apply_command
from shareback.rules.codes import FIRST_REFUSAL, RULE_OF, Code
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    ABSENT,
    CURSOR_WIDTH,
    EFFECT_WIDTH,
    HEAD_WIDTH,
    MEMBER_WIDTH,
    MERCHANT_WIDTH,
    ORDER_WIDTH,
    PAYMENT_WIDTH,
    RESULT_WIDTH,
    Command,
    Cursor,
    Head,
    Member,
    Order,
    OrderState,
    Result,
    Row,
    State,
    Table,
    Term,
)
from shareback.rules.profiles import DOCUMENT_BEHIND, Feature
from shareback.units.scales import INT64_MAX

EFFECTS_ROOM = 64
SCALED_PER_UYUAN = 10_000
"""An issue price of 1 µ¥ a point is 10⁴ µ¥·10¹² per unit of points."""


class InvariantBroken(Exception):
    """A bug: a command would have broken what must always hold. Nothing was written."""

    def __init__(self, code: Code, command: Sequence[int]) -> None:
        """Keep which invariant, and the command's row."""
        self.code = code
        self.command = tuple(command)
        super().__init__(f"{code.name} after the command {self.command}")


@dataclass(frozen=True, slots=True)
class Effected:
    """One thing that happened, as `layout.Effect` describes it."""

    kind: int
    sequence: int
    day: int
    member: int
    merchant: int
    order: int
    points: int
    gross_uyuan: int
    money_uyuan: int
    coins: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A command that was done.

    Attributes:
        state: The state after it.
        number: The number given to a new member, merchant, order or payment; else 0.
        points: Points that left or came, in units.
        money_uyuan: The gross of a redemption, or what a late refund pays out.
        fee_uyuan: The fee that stayed in R.
        events: What happened to which account, exits included, in order.
    """

    state: State
    number: int
    points: int
    money_uyuan: int
    fee_uyuan: int
    events: tuple[Effected, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that the rules refuse; the state is what it was.

    Attributes:
        code: Which case.
        rule: The rule of the economy behind it.
        document: The public document behind it, where a profile forbids (R9); else "".
        have: The figure that falls short, in the unit of what was asked; 0 where none.
        need: What the command would take.
    """

    code: Code
    rule: str
    document: str
    have: int
    need: int


def document_of(code: Code) -> str:
    """The public document behind a refusal: what a profile forbids names one (R9), else "".

    Of the commands that there are, a profile forbids only those that buy points back for money.
    """
    return str(DOCUMENT_BEHIND[Feature.BUY_BACK]) if code == Code.PROFILE_FORBIDS else ""


def refusal(code: Code, result: Row) -> Refusal:
    """A refusal with its rule, its document and its numbers.

    Args:
        code: Which case.
        result: The command's `layout.Result`.
    """
    return Refusal(code, RULE_OF[code], document_of(code), result[Result.HAVE], result[Result.NEED])


def open_head(terms: Row, day: int) -> list[int]:
    """The head of a programme that opens on a day: an empty pool at the issue price (R3)."""
    head = [0] * HEAD_WIDTH
    head[Head.LAST_PRICE] = terms[Term.ISSUE_PRICE] * SCALED_PER_UYUAN
    head[Head.DAY] = day
    head[Head.SEQUENCE] = 1
    return head


def nobody() -> Row:
    """A member's row that is not in use."""
    row = [0] * MEMBER_WIDTH
    row[Member.PLACE] = -1
    return row


def blank_state(terms: Row, tiers: Table, day: int) -> State:
    """A programme without members, orders or money.

    Args:
        terms: The first version of the parameters.
        tiers: Rows of threshold and multiplier, the base tier first.
        day: The local day number on which it opens.
    """
    return State(
        head=open_head(terms, day),
        terms=[list(terms)],
        tiers=[list(tier) for tier in tiers],
        members=[nobody()],
        merchants=[[0] * MERCHANT_WIDTH],
        orders=[[0] * ORDER_WIDTH],
        payments=[[0] * PAYMENT_WIDTH],
        queue=[[] for _ in tiers],
        queue_sizes=[0] * len(tiers),
        horizons=[INT64_MAX] * len(tiers),
        due=[0],
        listed=[],
        effects=[[0] * EFFECT_WIDTH for _ in range(EFFECTS_ROOM)],
        cursor=[0] * CURSOR_WIDTH,
        saved=[[0] * HEAD_WIDTH for _ in range(3)],
    )


def copied(state: State) -> State:
    """A state of its own, row by row."""

    def table(rows: Table) -> Table:
        return [list(one) for one in rows]

    return State(
        head=list(state.head),
        terms=table(state.terms),
        tiers=table(state.tiers),
        members=table(state.members),
        merchants=table(state.merchants),
        orders=table(state.orders),
        payments=table(state.payments),
        queue=table(state.queue),
        queue_sizes=list(state.queue_sizes),
        horizons=list(state.horizons),
        due=list(state.due),
        listed=list(state.listed),
        effects=table(state.effects),
        cursor=list(state.cursor),
        saved=table(state.saved),
    )


def make_room(state: State) -> None:
    """Add the blank rows that one more command may fill."""
    if len(state.members) < state.head[Head.MEMBERS] + 2:
        state.members.append(nobody())
    for table, number, width in (
        (state.merchants, state.head[Head.MERCHANTS], MERCHANT_WIDTH),
        (state.orders, state.head[Head.ORDERS], ORDER_WIDTH),
        (state.payments, state.head[Head.PAYMENTS], PAYMENT_WIDTH),
    ):
        if len(table) < number + 2:
            table.append([0] * width)
    for heap in state.queue:
        heap.append(0)
    state.listed.append(0)
    state.cursor[Cursor.MERCHANTS] = len(state.merchants)
    state.cursor[Cursor.EFFECTS] = 0


def due_orders(state: State, day: int, order_ids: Sequence[str]) -> list[int]:
    """The orders that mature at the close of a day, in order of order id (R3.2, R6.3).

    Args:
        state: The state before the close.
        day: The day that closes.
        order_ids: The outside id of each order by number; where it ends, the number decides.
    """
    due = [
        order[Order.NUMBER]
        for order in state.orders
        if order[Order.NUMBER] > 0
        and order[Order.STATE] == OrderState.PAID
        and ABSENT < order[Order.DUE_DAY] <= day
    ]
    if not order_ids:
        return due
    return sorted(due, key=lambda number: order_ids[number].encode())


def decide(state: State, command: Row, due: Sequence[int] = ()) -> Accepted | Refusal:
    """Decide a command; pure, total, and without exceptions for what is expected.

    Args:
        state: The programme before the command; it is not changed.
        command: A row made by ``shareback.rules.commands``.
        due: For a close: the orders that mature, in order (`due_orders`).

    Returns:
        `Accepted` with the new state, or a `Refusal` with its numbers.

    Raises:
        InvariantBroken: A bug.
    """
    after = copied(state)
    make_room(after)
    if command[Command.KIND] == Kind.CLOSE_DAY:
        after.due[:] = [*due, 0]
        after.cursor[Cursor.DUE] = len(due)
    result = [0] * RESULT_WIDTH
    code = Code(apply_command(after, list(command), result))
    while code == Code.NEEDS_ROOM:
        after.effects.extend([0] * EFFECT_WIDTH for _ in range(len(after.effects)))
        code = Code(apply_command(after, list(command), result))
    if code >= FIRST_REFUSAL:
        return refusal(code, result)
    if code != Code.ACCEPTED:
        raise InvariantBroken(code, command)
    events = tuple(Effected(*effect) for effect in after.effects[: after.cursor[Cursor.EFFECTS]])
    return Accepted(
        after,
        result[Result.NUMBER],
        result[Result.POINTS],
        result[Result.MONEY],
        result[Result.FEE],
        events,
    )
