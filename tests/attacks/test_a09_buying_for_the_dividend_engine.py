"""A9: who buys just before a close earns nothing of it: only matured points share matured money."""

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.layout import Head
from tests.backends.journals import DAY, Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, YUAN, do, order


def dividends_of(engine: Engine, member: str, at: int) -> int:
    """What has accrued to a member, credited by a touch that pays nothing out."""
    do(engine, cmd.FundTreasury(at, YUAN), cmd.AwardFunded(at, member, 10_000, 9_000))
    number = engine.apply([cmd.JoinMember(at, member)])[0].number
    cash: dict[int, int] = {row[0]: row[2] for row in rows_of(engine)["member"]}
    return cash[number]


def test_an_order_of_the_day_has_no_part_in_the_days_dividend(engine: Opens) -> None:
    one = engine(maturity_days=1, referral_rate="0")
    day = one.calendar.day_of(AT)
    do(one, cmd.JoinMember(AT, "old"), order("o1", "old"))
    one.close(day + 1)
    pot = one.head()[Head.POT]
    assert pot == 15 * YUAN

    evening = AT + 2 * DAY + DAY // 2 - 1
    do(one, cmd.JoinMember(evening, "new"), order("o2", "new", 1_000_000, evening))
    assert one.head()[Head.POT] == pot
    one.close(day + 2)
    assert pot - 1 <= dividends_of(one, "old", AT + 3 * DAY) <= pot
    assert dividends_of(one, "new", AT + 3 * DAY) == 0


def test_who_matures_at_a_close_shares_from_the_next_one_on(engine: Opens) -> None:
    one = engine(maturity_days=0, referral_rate="0")
    day = one.calendar.day_of(AT)
    do(one, cmd.JoinMember(AT, "old"), order("o1", "old"))
    one.close(day)
    do(one, cmd.JoinMember(AT + DAY, "new"), order("o2", "new", at=AT + DAY))
    new, old = (dividends_of(one, each, AT + DAY) for each in ("new", "old"))
    assert new == 0
    assert old > 0
