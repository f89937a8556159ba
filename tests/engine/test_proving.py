"""The tree of accounts: at every close the same as one drawn up from all accounts at once."""

from itertools import count

import numpy as np
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.proving import checkpoints
from shareback.engine.proving.accounts import AccountProof, prove
from shareback.engine.proving.blocks import StoredTree
from shareback.engine.proving.checkpoints import draw_up, liabilities_from_bytes, permutation
from shareback.engine.proving.keys import add_key, retire_keys, verifier_of
from shareback.engine.proving.log_tree import LogTree
from shareback.journal import models
from shareback.kernels.sums import node_of, to_bytes
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.commitment import drawn
from shareback.proofs.notes import read_note, vouched
from shareback.proofs.paths import (
    ProofWrong,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
)
from shareback.proofs.places import ACCOUNT_LABEL, account_number, seat_of
from shareback.proofs.sum_tree import (
    NOBODY,
    Account,
    AccountKind,
    Node,
    Sums,
    check_account,
    joined,
)
from tests.engine.busy import DAY, OPENED, World, busy_programme, open_busy

names = count(1)
PEOPLE, SHOPS = AccountKind.MEMBER, AccountKind.MERCHANT


@pytest.fixture
def engine(alias: str) -> Engine:
    """A programme with members and merchants."""
    return open_busy(f"proving {next(names)}", alias)


def live(engine: Engine, world: World, first: int, end: int) -> None:
    """Let much happen on some days, in batches that begin and end in the middle of one."""
    waiting = []
    for day in range(first, end):
        waiting += world.day(OPENED + day * DAY, 40)
        cut = len(waiting) - world.random.randrange(20)
        engine.apply(waiting[:cut])
        waiting = waiting[cut:]
        if day % 3 == 2:
            engine.forget()
    engine.apply(waiting)
    engine.close(engine.calendar.day_of(OPENED) + end - 1)


def head_of(engine: Engine) -> models.Programme:
    """The programme's row."""
    return models.Programme.objects.using(engine.alias).get(pk=engine.id)


def rows_of(engine: Engine) -> dict[tuple[AccountKind, int], Sums]:
    """All accounts as their rows are now."""
    found = {}
    tiers = [int(row[1]) for row in engine.programme.tier_rows()]
    for one in models.Member.objects.using(engine.alias).filter(programme_id=engine.id):
        weight = one.points * tiers[one.tier] // 10**6
        found[PEOPLE, one.number] = Sums(
            one.points,
            weight,
            one.quota,
            one.used,
            one.coins,
            one.cash,
            one.receivable,
            weight * one.index,
        )
    for shop in models.Merchant.objects.using(engine.alias).filter(programme_id=engine.id):
        found[SHOPS, shop.number] = Sums(shop.points, 0, 0, 0, shop.coins, shop.payable, 0, 0)
    return found


def whole_tree(engine: Engine, height: int) -> Node:
    """The root of a tree over all accounts, from their rows, one node after another."""
    key = engine.key
    order = permutation(key, height)
    nodes = [NOBODY] * (1 << height)
    for (kind, number), sums in rows_of(engine).items():
        salt = drawn(key, ACCOUNT_LABEL, account_number(kind, number))
        nodes[order.of(seat_of(kind, number, height))] = Account(kind, number, salt, sums).leaf()
    while len(nodes) > 1:
        nodes = [joined(nodes[at], nodes[at + 1]) for at in range(0, len(nodes), 2)]
    return nodes[0]


def check(proof: AccountProof) -> None:
    """What somebody checks who trusts a checkpoint."""
    check_account(proof.account, proof.place, proof.path, proof.liabilities)
    note = read_note(proof.note)
    assert read_checkpoint(note.text).liabilities == proof.liabilities.digest()


def checkpoints_of(engine: Engine) -> list[models.Checkpoint]:
    """The programme's checkpoints, by their days."""
    rows = models.Checkpoint.objects.using(engine.alias).filter(programme_id=engine.id)
    return list(rows.order_by("day"))


def test_the_tree_is_that_of_all_accounts_as_they_stood_at_the_last_close(engine: Engine) -> None:
    world = World(7)
    for turn in range(4):
        live(engine, world, 3 * turn, 3 * turn + 3)
        if turn != 1:
            draw_up(engine.id, engine.alias)
            last = liabilities_from_bytes(bytes(checkpoints_of(engine)[-1].liabilities))
            assert last.top == whole_tree(engine, last.height)
        engine.apply(world.day(OPENED + (3 * turn + 3) * DAY, 5))


def test_every_account_is_proved_and_says_what_its_row_says(engine: Engine) -> None:
    live(engine, World(8), 0, 6)
    draw_up(engine.id, engine.alias)
    for (kind, number), sums in rows_of(engine).items():
        proof = prove(head_of(engine), kind, number, engine.alias)
        assert proof is not None
        assert (proof.account.kind, proof.account.number) == (kind, number)
        assert proof.account.sums == sums
        check(proof)


def test_sums_are_those_of_the_books_at_every_close(alias: str) -> None:
    engine = busy_programme(f"proving {next(names)}", alias, seed=3)
    assert draw_up(engine.id, alias) == 12
    for row in checkpoints_of(engine):
        day = models.Day.objects.using(alias).get(programme_id=engine.id, day=row.day)
        owed = liabilities_from_bytes(bytes(row.liabilities))
        sums = owed.top.sums
        assert (owed.size, bytes(row.root)) == (day.sequence, bytes(day.root))
        assert (owed.dividend_index, owed.reserve) == (day.index, day.reserve)
        assert (owed.supply, owed.last_price) == (day.supply, day.last_price)
        assert sums.points == day.points_members + day.points_merchants
        assert sums.coins == day.coins_members + day.coins_merchants
        assert sums.cash == day.cash + day.merchant_payable
        assert sums.weight == day.weight
        assert sums.receivable == day.receivables
        assert sums.quota == day.quota_granted
        # What flooring leaves is in payable and is nobody's (R7.3).
        assert day.payable - sums.accrued(day.index) >= 0


def test_a_pass_cut_into_turns_leaves_the_same_checkpoints(
    alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (busy_programme(f"proving {next(names)}", alias, seed=5) for _ in range(2))
    draw_up(one.id, alias)
    monkeypatch.setattr(checkpoints, "DAYS_AT_ONCE", 2)
    told: list[tuple[int, int]] = []
    assert draw_up(other.id, alias, lambda *done: told.append(done)) == 12
    assert told == [(day, 12) for day in range(1, 13)]
    found = [[bytes(row.liabilities) for row in checkpoints_of(each)] for each in (one, other)]
    assert found[0] == found[1]
    assert draw_up(other.id, alias) == 0
    blocks = models.AccountBlock.objects.using(alias)
    stored = [
        {
            (block.level, block.place): bytes(block.body)
            for block in blocks.filter(programme=each.id)
        }
        for each in (one, other)
    ]
    assert stored[0] == stored[1]
    left = models.ClosedAccounts.objects.using(alias).filter(programme_id=other.id)
    assert not left.exists()


def test_a_day_on_which_nothing_happens_owes_what_the_day_before_owed(engine: Engine) -> None:
    live(engine, World(13), 0, 4)
    last = engine.calendar.day_of(OPENED) + 3
    # What was due has matured, and the last pot is shared.
    engine.close(last + 9)
    draw_up(engine.id, engine.alias)
    for day in range(last + 10, last + 13):
        engine.close(day)
        assert draw_up(engine.id, engine.alias) == 1
        before, after = (
            liabilities_from_bytes(bytes(row.liabilities)) for row in checkpoints_of(engine)[-2:]
        )
        assert after.top == before.top == whole_tree(engine, after.height)
        proof = prove(head_of(engine), PEOPLE, 1, engine.alias)
        assert proof is not None
        check(proof)


def test_a_tree_that_grows_moves_every_leaf(engine: Engine) -> None:
    world = World(9)
    live(engine, world, 0, 3)
    draw_up(engine.id, engine.alias)
    before = liabilities_from_bytes(bytes(checkpoints_of(engine)[-1].liabilities)).height
    at = OPENED + 3 * DAY
    engine.apply([cmd.JoinMember(at, f"new{number}") for number in range(300)])
    engine.close(engine.calendar.day_of(at))
    draw_up(engine.id, engine.alias)
    last = liabilities_from_bytes(bytes(checkpoints_of(engine)[-1].liabilities))
    assert last.height > before
    assert last.top == whole_tree(engine, last.height)
    assert sum(sums.points for sums in rows_of(engine).values()) == last.top.sums.points


def test_the_log_grew_from_every_checkpoint_and_holds_every_entry(engine: Engine) -> None:
    live(engine, World(10), 0, 12)
    draw_up(engine.id, engine.alias)
    rows = checkpoints_of(engine)
    last = rows[-1]
    assert last.size > 256
    tree = LogTree(head_of(engine), last.size, engine.alias)
    kept = models.LogTile.objects.using(engine.alias).filter(programme_id=engine.id)
    assert kept.count() == last.size >> 8
    for row in rows:
        proof = consistency_proof(tree.node, row.size, last.size)
        check_consistency(row.size, bytes(row.root), last.size, bytes(last.root), proof)
    for index in range(0, last.size, 37):
        leaf = tree.node(0, index)
        path = inclusion_proof(tree.node, index, last.size)
        check_inclusion(leaf, index, last.size, path, bytes(last.root))
        with pytest.raises(ProofWrong):
            check_inclusion(leaf, index ^ 1, last.size, path, bytes(last.root))


def test_keys_change_without_a_checkpoint_that_nobody_can_read(engine: Engine) -> None:
    world = World(11)
    live(engine, world, 0, 2)
    draw_up(engine.id, engine.alias)
    old = models.LogKey.objects.using(engine.alias).get(programme_id=engine.id)
    trusted = [verifier_of(old)]
    new = add_key(engine.id, engine.alias)
    live(engine, world, 2, 4)
    draw_up(engine.id, engine.alias)
    both = [read_note(row.note) for row in checkpoints_of(engine)]
    assert vouched(both[-1], [*trusted, verifier_of(new)]) == [*trusted, verifier_of(new)]
    assert vouched(both[0], [*trusted, verifier_of(new)]) == trusted
    assert retire_keys(engine.id, new.number, engine.alias) == 1
    live(engine, world, 4, 6)
    draw_up(engine.id, engine.alias)
    note = read_note(checkpoints_of(engine)[-1].note)
    assert vouched(note, [*trusted, verifier_of(new)]) == [verifier_of(new)]
    old.refresh_from_db()
    assert bytes(old.secret) == b""


def test_nobody_is_proved_before_the_first_close_or_who_came_after_it(engine: Engine) -> None:
    assert prove(head_of(engine), PEOPLE, 1, engine.alias) is None
    live(engine, World(12), 0, 2)
    draw_up(engine.id, engine.alias)
    assert prove(head_of(engine), PEOPLE, 1, engine.alias) is not None
    assert prove(head_of(engine), PEOPLE, 10_000, engine.alias) is None
    assert prove(head_of(engine), SHOPS, 10_000, engine.alias) is None


def test_a_proof_reads_its_way_through_the_tree_at_once(engine: Engine) -> None:
    live(engine, World(14), 0, 3)
    draw_up(engine.id, engine.alias)
    owed = liabilities_from_bytes(bytes(checkpoints_of(engine)[-1].liabilities))
    assert owed.height > 4
    tree = StoredTree(engine.id, engine.alias, owed.height, owed.top)
    place = 3 << owed.height - 3
    with CaptureQueriesContext(connections[engine.alias]) as asked:
        first = tree.path(place)
        assert tree.path(place) == first
    assert len(asked) == 1
    nodes = [node_of(node) for node in first]
    below = node_of(to_bytes(tree.leaves(np.array([place]))))
    for level, beside in enumerate(nodes):
        pair = (beside, below) if place >> level & 1 else (below, beside)
        below = joined(*pair)
    assert below == owed.top
