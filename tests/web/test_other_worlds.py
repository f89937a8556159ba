"""Pages and statements of programmes that live otherwise: random ones, ended ones, quick ones."""

from urllib.parse import quote

import pytest
from django.test import Client

from shareback.engine.statements.account import read_account
from shareback.engine.statements.replaying import Replay
from shareback.engine.statements.timeline import Timeline
from shareback.rules.layout import Member
from shareback.rules.member import credit
from shareback.rules.programme import Programme
from shareback.web.programmes import parameters_of, programme_named
from tests.engine import busy

OTHERWISE = {
    "matures in two days": (3, 2, False),
    "another seed": (4, 2, False),
    "matures at receipt": (5, 0, False),
    "matures at receipt, another seed": (105, 0, False),
    "ended": (2, 2, True),
}
"""Seed, days to maturity, and whether the programme has ended."""


@pytest.fixture(params=OTHERWISE, scope="module")
def lived(request: pytest.FixtureRequest, alias: str) -> str:
    """The name of a programme in which much has happened."""
    name = f"{request.param}, for its pages"
    seed, maturity_days, ended = OTHERWISE[request.param]
    usual = busy.parameters

    def parameters(name: str, **changes: object) -> Programme:
        return usual(name, **{"maturity_days": maturity_days, **changes})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(busy, "parameters", parameters)
        engine = busy.busy_programme(name, alias, seed=seed)
    if ended:
        busy.end(engine)
    return name


def test_statements_agree_with_the_rules_whatever_has_happened(site: Client, lived: str) -> None:
    programme = programme_named(lived)
    timeline, versions = Timeline(programme), parameters_of(programme)
    for number in range(1, programme.members + 1):
        account = read_account(programme, number)
        assert account is not None
        replay = Replay(account, timeline, versions)
        steps = replay.run()
        row, member = replay.row, account.member
        told = sum(step.money for step in steps) - credit(row, timeline.today.index_scaled)
        assert row[Member.POINTS] == member.points
        assert row[Member.QUOTA] == member.quota
        assert row[Member.TIER] == member.tier
        assert replay.receivable == member.receivable
        assert sum(step.coins for step in steps) == member.coins
        # An exit's dividend is derived from its gross, which was rounded down.
        assert abs(told - member.cash) <= 1
        assert abs(row[Member.USED] - member.used) <= 1


def test_all_pages_answer(site: Client, lived: str) -> None:
    page = f"/p/{quote(lived)}/"
    members = programme_named(lived).members

    for path in ("", "days/", *(f"members/{number}/" for number in range(1, members + 1))):
        assert site.get(page + path).status_code == 200
