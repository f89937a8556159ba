"""What a statement derives on read agrees with what the rules have kept, to the unit."""

import pytest

from shareback.engine.statements.account import Account, MovementRow, read_account
from shareback.engine.statements.replaying import Replay, Step
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Programme
from shareback.rules.layout import EffectKind, Member
from shareback.rules.member import credit
from shareback.web.programmes import parameters_of, programme_named
from tests.web.world import MEMBERS, NAME

pytestmark = pytest.mark.usefixtures("site")


class Lived:
    """A member's account beside what was derived of it."""

    def __init__(self, programme: Programme, number: int) -> None:
        account = read_account(programme, number)
        assert account is not None
        self.account: Account = account
        self.timeline = Timeline(programme)
        self.replay = Replay(account, self.timeline, parameters_of(programme))
        self.steps: list[Step] = self.replay.run()

    @property
    def exits(self) -> int:
        return sum(
            isinstance(step.source, MovementRow) and step.source.kind == EffectKind.MEMBER_EXITED
            for step in self.steps
        )


@pytest.fixture
def everyone() -> list[Lived]:
    programme = programme_named(NAME)
    return [Lived(programme, number) for number in range(1, MEMBERS + 1)]


def test_points_quota_and_tier_end_where_the_rules_left_them(everyone: list[Lived]) -> None:
    for lived in everyone:
        row, member = lived.replay.row, lived.account.member
        assert row[Member.POINTS] == member.points
        assert row[Member.QUOTA] == member.quota
        assert row[Member.TIER] == member.tier
        assert row[Member.INDEX] == member.index or member.points == 0


def test_quota_used_and_what_is_owed_end_where_the_rules_left_them(everyone: list[Lived]) -> None:
    for lived in everyone:
        assert lived.replay.row[Member.USED] == lived.account.member.used
        assert lived.replay.receivable == lived.account.member.receivable


def test_all_lines_together_are_the_cash_and_what_has_accrued(everyone: list[Lived]) -> None:
    for lived in everyone:
        accrued = credit(lived.replay.row, lived.timeline.today.index_scaled)
        told = sum(step.money for step in lived.steps)
        # An exit's dividend is derived from its gross, which was rounded down.
        assert 0 <= told - lived.account.member.cash - accrued <= lived.exits


def test_all_lines_together_are_the_coins(everyone: list[Lived]) -> None:
    for lived in everyone:
        assert sum(step.coins for step in lived.steps) == lived.account.member.coins


def test_what_is_held_after_each_line_is_the_sum_of_the_lines_before(
    everyone: list[Lived],
) -> None:
    for lived in everyone:
        held = 0
        for step in lived.steps:
            held += step.points
            assert step.held == held >= 0


def test_dividends_are_what_the_programme_shared_but_for_the_dust(everyone: list[Lived]) -> None:
    told = sum(step.money for lived in everyone for step in lived.steps if step.what == "dividend")
    today = everyone[0].timeline.today

    dust = today.dividends - told
    touches = sum(len(lived.steps) for lived in everyone)
    assert 0 <= dust <= touches


def test_the_world_shows_every_kind_of_line(everyone: list[Lived]) -> None:
    happened = {step.what for lived in everyone for step in lived.steps}
    kinds = {
        step.source.kind
        for lived in everyone
        for step in lived.steps
        if isinstance(step.source, MovementRow)
    }

    assert happened == {
        "paid",
        "matured",
        "referral",
        "refund",
        "late_refund",
        "dividend",
        "moved",
    }
    unseen = set(EffectKind) - kinds
    assert unseen <= {
        EffectKind.MERCHANT_SETTLED,
        EffectKind.COINS_EXCHANGED,
        EffectKind.ACCOUNT_SETTLED,
        EffectKind.RECEIVABLE_BURNED,
    }


def test_nobody_has_an_account_under_an_unknown_number() -> None:
    assert read_account(programme_named(NAME), MEMBERS + 1) is None
