"""A49: two histories are shown to two members; a witness refuses to cosign the second."""

from pathlib import Path

from shareback.proofs.notes import read_note
from tests.audit.logs import Log, asking, witnessing

OWED, LESS = bytes(range(32)), bytes(32)
ANNAS = Log("example.com/two-faced")
BERTS = ANNAS.other(fork=12)
"""Both begin alike; at the thirteenth entry they part."""


def test_of_two_histories_a_witness_cosigns_one(tmp_path: Path) -> None:
    with witnessing(tmp_path, [ANNAS]) as witness:
        assert witness.cosigns(ANNAS, 0, 10, OWED)
        assert witness.cosigns(ANNAS, 10, 20, OWED)
        # The same size, a larger one, and one from before they parted: with every old size.
        for size in (20, 25, 15):
            for old in range(size + 1):
                assert not witness.cosigns(BERTS, old, size, OWED), (old, size)
        # Nor does a proof of the first help the second.
        right = ANNAS.body(20, 25, OWED).partition(b"\n\n")[0].split(b"\n")[1:]
        forged = asking(20, (), BERTS.note(25, OWED))
        forged = forged.replace(b"old 20\n", b"\n".join([b"old 20", *right, b""]))
        assert witness.ask(forged).status_code == 422
        assert witness.cosigns(ANNAS, 20, 25, OWED)


def test_of_two_tales_of_what_is_owed_a_witness_cosigns_one(tmp_path: Path) -> None:
    with witnessing(tmp_path, [ANNAS]) as witness:
        assert witness.cosigns(ANNAS, 0, 10, OWED)
        assert not witness.cosigns(ANNAS, 10, 10, LESS)
        assert not witness.cosigns(ANNAS, 10, 10)
        assert not witness.cosigns(ANNAS, 0, 10, LESS)


def test_the_refused_history_stays_as_evidence_after_a_new_start(tmp_path: Path) -> None:
    with witnessing(tmp_path, [ANNAS]) as witness:
        assert witness.cosigns(ANNAS, 0, 20)
        assert witness.ask(BERTS.body(20, 20)).status_code == 409
        cosigned = witness.get(f"/checkpoint/{ANNAS.origin}").text
        assert witness.cosigns(ANNAS, 20, 30)
    with witnessing(tmp_path, [ANNAS]) as witness:
        page = witness.get("/").text
        # Two notes of one size, each with the log's own signature: nobody can deny them.
        assert BERTS.note(20) in page
        assert cosigned in page
        assert read_note(cosigned).text == ANNAS.checkpoint(20).to_text()
        assert witness.ask(BERTS.body(20, 20)).status_code == 409
