"""A48, A52: what is handed out of the database, tiles of the log and leaves of accounts, is edited.

A tile that was changed leads nobody to the root that is signed; an account's own leaf cannot be
handed to another one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from shareback.audit.witness.judging import Refusal, refusal_of
from shareback.engine.proving.accounts import prove
from shareback.engine.proving.log_tree import TILE_BYTES, LogTree
from shareback.journal.models import AccountBlock, LogTile, Programme
from shareback.kernels.sums import SumsTooLarge
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.documents import check_document
from shareback.proofs.merkle import HASH_BYTES
from shareback.proofs.notes import read_note
from shareback.proofs.paths import (
    ProofWrong,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
)
from shareback.proofs.sum_tree import AccountKind
from tests.attacks.cheating.conftest import ALIAS, World
from tests.proofs.trees import text_of


@contextmanager
def undone() -> Iterator[None]:
    """What is done to the database within is taken back."""
    with transaction.atomic(using=ALIAS):
        yield
        transaction.set_rollback(True, using=ALIAS)


def head_of(world: World) -> Programme:
    """The programme's row."""
    return Programme.objects.using(ALIAS).get(pk=world.prover.engine.id)


def turn(body: bytes, place: int) -> bytes:
    """Bytes with a bit of one turned."""
    return body[:place] + bytes([body[place] ^ 1 << place % 8]) + body[place + 1 :]


@pytest.mark.parametrize("place", range(0, TILE_BYTES, 331))
def test_a_tile_that_was_edited_proves_nothing(world: World, place: int) -> None:
    size, head, top = world.last_size, head_of(world), world.seen.root
    nodes, index = world.prover.story.nodes, 256 + place // HASH_BYTES
    rows = LogTile.objects.using(ALIAS).filter(programme_id=head.pk, level=0, place=1)
    with undone():
        assert rows.update(body=turn(bytes(rows.get().body), place)) == 1
        edited = LogTree(head, size, ALIAS).node
        # The entry of the hash that was edited, and the one beside it, whose proof it is in.
        for at in (index, index ^ 1):
            check_inclusion(nodes(0, at), at, size, inclusion_proof(nodes, at, size), top)
            wrong = inclusion_proof(edited, at, size)
            for leaf in (edited(0, at), nodes(0, at)):
                if (leaf, wrong) == (nodes(0, at), inclusion_proof(nodes, at, size)):
                    continue
                with pytest.raises(ProofWrong):
                    check_inclusion(leaf, at, size, wrong, top)


def test_no_witness_takes_a_proof_out_of_edited_tiles(world: World) -> None:
    head, sizes = head_of(world), sorted(world.prover.notes)
    last = world.seen
    new = read_checkpoint(read_note(world.prover.notes[last.size]).text)
    rows = LogTile.objects.using(ALIAS).filter(programme_id=head.pk, level=0)
    with undone():
        for row in rows:
            rows.filter(place=row.place).update(body=turn(bytes(row.body), 40))
        for older in sizes[:-1]:
            seen = read_checkpoint(read_note(world.prover.notes[older]).text)
            before = last._replace(size=seen.size, root=seen.root)
            right = consistency_proof(world.prover.story.nodes, older, new.size)
            wrong = consistency_proof(LogTree(head, new.size, ALIAS).node, older, new.size)
            assert refusal_of(before, new, older, right) is None
            assert wrong != right
            assert refusal_of(before, new, older, wrong) is Refusal.NOT_SHOWN


def documents(world: World) -> dict[tuple[AccountKind, int], dict[str, Any]]:
    """The proofs of all accounts, each as its owner is handed it."""
    head = head_of(world)
    counts = {AccountKind.MEMBER: head.members, AccountKind.MERCHANT: head.merchants}
    found = {}
    for kind, count in counts.items():
        for number in range(1, count + 1):
            proof = prove(head, kind, number, ALIAS)
            assert proof is not None
            found[kind, number] = proof.document()
    return found


def test_no_account_can_be_shown_the_leaf_of_another(world: World) -> None:
    handed = documents(world)
    assert len(handed) > 20
    for found in handed.values():
        check_document(text_of(found), world.keys)
    for (kind, number), other in permutations(handed, 2):
        account = {**handed[other]["account"], "kind": int(kind), "number": number}
        with pytest.raises(ProofWrong, match="another root"):
            check_document(text_of({**handed[other], "account": account}), world.keys)


def test_no_byte_of_a_block_on_the_way_from_an_account_can_be_turned(world: World) -> None:
    head = head_of(world)
    proof = prove(head, AccountKind.MEMBER, 5, ALIAS)
    assert proof is not None
    rows = AccountBlock.objects.using(ALIAS).filter(programme_id=head.pk)
    for level in (0, 1):
        block = rows.filter(level=level, place=proof.place >> 4 * (level + 1))
        whole = bytes(block.get().body)
        # Of the topmost block only the nodes that the tree has are used.
        used = min(16, 1 << proof.liabilities.height - 4 * level) * len(whole) // 16
        own = proof.place >> 4 * level & 15
        for place in range(level, used, 37):
            # Above the leaves, their own node is made from what stands below it.
            if level and place * 16 // len(whole) == own:
                continue
            with undone():
                block.update(body=turn(whole, place))
                assert not is_counted(head, 5, world), (level, place)
    assert is_counted(head, 5, world)


def is_counted(head: Programme, number: int, world: World) -> bool:
    """Whether a member is handed a proof that holds."""
    try:
        proof = prove(head, AccountKind.MEMBER, number, ALIAS)
        return proof is not None and bool(check_document(text_of(proof.document()), world.keys))
    except (ProofWrong, SumsTooLarge):
        return False
