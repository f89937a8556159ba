"""A witness, as a program: it cosigns what extends what it saw, and nothing else."""

import base64
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from shareback.audit.witness.judging import PROOF_LINES_MAX
from shareback.proofs.checkpoint import Checkpoint
from shareback.proofs.notes import Note, cosign, read_note, sign, vouched
from shareback.proofs.paths import consistency_proof
from tests.audit.logs import Log, Running, asking, witnessing

OWED, MORE = bytes(range(32)), bytes(range(1, 33))
LINE = base64.b64encode(bytes(32)).decode()


def told_size(answer: httpx.Response) -> int:
    """The size in a refusal that names one."""
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "text/x.tlog.size"
    assert answer.text.endswith("\n")
    return int(answer.text)


# --------------------------------------------------------------------------------- what extends


def test_a_log_is_cosigned_as_it_grows(witness: Running, log: Log) -> None:
    sizes = [0, 1, 2, 3, 7, 8, 9, 31, 32, 40]
    for old, size in zip([0, *sizes], sizes, strict=False):
        assert witness.cosigns(log, old, size, OWED), size


def test_the_same_checkpoint_is_cosigned_again(witness: Running, log: Log) -> None:
    assert witness.cosigns(log, 0, 8, OWED)
    assert witness.cosigns(log, 8, 8, OWED)
    assert told_size(witness.ask(log.body(0, 8, OWED))) == 8


def test_lines_of_keys_that_nobody_trusts_are_passed_over(witness: Running, log: Log) -> None:
    text = log.checkpoint(5).to_text()
    strange = [
        sign(text, log.origin, bytes(32)),
        sign(text, "example.com/stranger", log.secret),
        cosign(text, log.origin, log.secret, 7),
    ]
    note = Note(text, (*strange, *read_note(log.note(5)).signatures)).to_text()
    assert witness.ask(asking(0, (), note)).status_code == 200
    assert len(read_note(witness.get(f"/checkpoint/{log.origin}").text).signatures) == 2


def test_the_last_note_can_be_read_with_its_cosignature(witness: Running, log: Log) -> None:
    assert witness.get(f"/checkpoint/{log.origin}").status_code == 404
    assert witness.cosigns(log, 0, 5, OWED)
    assert witness.cosigns(log, 5, 9, MORE)
    note = read_note(witness.get(f"/checkpoint/{log.origin}").text)
    assert note.text == log.checkpoint(9, MORE).to_text()
    assert vouched(note, [log.verifier, witness.key]) == [log.verifier, witness.key]


# -------------------------------------------------------------------------------- what does not


def test_another_root_of_the_same_size_is_refused_and_kept_as_evidence(
    witness: Running, log: Log
) -> None:
    other = log.other()
    assert witness.cosigns(log, 0, 9)
    assert told_size(witness.ask(other.body(9, 9))) == 9
    # Nor does it go unseen when it names another old size.
    third = Log(log.origin, "three")
    assert told_size(witness.ask(third.body(2, 9))) == 9
    assert witness.cosigns(log, 9, 12)
    page = witness.get("/").text
    for each in (log.note(9), other.note(9), third.note(9)):
        assert each in page
    assert f"<h3>{log.origin}: another history of the same size</h3>" in page


def test_other_liabilities_of_the_same_size_are_refused_and_kept(
    witness: Running, log: Log
) -> None:
    assert witness.cosigns(log, 0, 9, OWED)
    for owed in (MORE, b""):
        assert told_size(witness.ask(log.body(9, 9, owed))) == 9
        assert log.note(9, owed) in witness.get("/").text
    assert f"<h3>{log.origin}: something else owed at the same size</h3>" in witness.get("/").text
    assert witness.cosigns(log, 9, 9, OWED)


def test_a_smaller_size_is_refused(witness: Running, log: Log) -> None:
    assert witness.cosigns(log, 0, 20)
    assert told_size(witness.ask(log.body(0, 10))) == 20
    assert told_size(witness.ask(log.body(10, 10))) == 20
    assert witness.ask(asking(20, (), log.note(10))).status_code == 400


def test_a_wrong_old_size_is_told_the_right_one(witness: Running, log: Log) -> None:
    assert told_size(witness.ask(log.body(3, 9))) == 0
    assert witness.cosigns(log, 0, 9)
    for old in (0, 8, 10):
        assert told_size(witness.ask(log.body(old, 12))) == 9


def test_a_wrong_proof_is_refused_and_kept_until_a_right_one_comes(
    witness: Running, log: Log
) -> None:
    assert witness.cosigns(log, 0, 9)
    proof = consistency_proof(log.nodes, 9, 12)
    for wrong in ((), proof[:-1], proof[::-1], (*proof, bytes(32)), (bytes(32),) * 63):
        assert witness.ask(asking(9, wrong, log.note(12))).status_code == 422
    assert witness.get("/").text.count(log.note(12)) == 1
    assert witness.cosigns(log, 9, 12)
    assert log.note(12) not in witness.get("/").text
    assert witness.ask(asking(12, (bytes(32),), log.note(12))).status_code == 422


def test_a_log_that_begins_anew_proves_nothing(witness: Running, log: Log) -> None:
    assert witness.ask(asking(0, (bytes(32),), log.note(5))).status_code == 422
    empty = log.signed(Checkpoint(log.origin, 0, bytes(32)).to_text())
    assert told_size(witness.ask(asking(0, (), empty))) == 0
    assert witness.get(f"/checkpoint/{log.origin}").status_code == 404


def test_an_unknown_log_is_told_so(witness: Running) -> None:
    stranger = Log("example.com/stranger")
    assert witness.ask(stranger.body(0, 5)).status_code == 404
    odd = stranger.signed("a log of others\n5\nAAAA\nmore\n")
    assert witness.ask(asking(0, (), odd)).status_code == 404


def test_what_no_trusted_key_has_signed_is_refused(witness: Running, log: Log) -> None:
    text = log.checkpoint(5).to_text()
    right = sign(text, log.origin, log.secret)
    for line in (
        sign(text, log.origin, bytes(32)),
        sign(text, "example.com/log119", log.secret),
        right._replace(key_id=bytes(4)),
        right._replace(signature=bytes(64)),
        right._replace(signature=b"short"),
    ):
        answer = witness.ask(asking(0, (), Note(text, (line,)).to_text()))
        assert answer.status_code == 403, line
    assert told_size(witness.ask(log.body(1, 5))) == 0


Spoils = Callable[[Log], bytes]


def lines_of(log: Log, place: int, instead: str) -> bytes:
    """A signed checkpoint with another line at a place."""
    lines = log.checkpoint(5, OWED).to_text().splitlines()
    lines[place] = instead
    return asking(0, (), log.signed("".join(f"{one}\n" for one in lines)))


MALFORMED: list[Spoils] = [
    lambda _log: b"",
    lambda _log: b"\n\n",
    lambda _log: b"old 0\n",
    lambda _log: b"old 0\n\n",
    lambda _log: b"\xff" * 40,
    lambda log: log.note(5).encode(),
    lambda log: b"\n" + log.note(5).encode(),
    lambda log: log.body(0, 5).replace(b"old 0", b"old"),
    lambda log: log.body(0, 5).replace(b"old 0", b"old  0"),
    lambda log: log.body(0, 5).replace(b"old 0", b"OLD 0"),
    lambda log: log.body(0, 5).replace(b"old 0", b"old 00"),
    lambda log: log.body(0, 5).replace(b"old 0", b"old -1"),
    lambda log: log.body(0, 5).replace(b"old 0", b"old +0"),
    lambda log: log.body(0, 5).replace(b"old 0", b"old 0 "),
    lambda log: log.body(0, 5).replace(b"old 0", b"old 0\r"),
    lambda log: log.body(0, 5).replace(b"old 0", "old \N{ARABIC-INDIC DIGIT ZERO}".encode()),
    lambda log: log.body(0, 5).replace(b"old 0", b"old 6"),
    lambda log: log.body(0, 5).replace(b"old 0", b"old 9223372036854775808"),
    lambda log: log.body(0, 5).replace(b"old 0", b"old " + b"9" * 5_000),
    lambda log: log.body(0, 5).replace(b"old 0\n", b"old 0\nAAAA\n"),
    lambda log: log.body(0, 5).replace(b"old 0\n", f"old 0\n {LINE}\n".encode()),
    lambda log: log.body(0, 5).replace(b"old 0\n", f"old 0\n{LINE[:-1]}\n".encode()),
    lambda log: log.body(0, 5).replace(b"old 0\n", b"old 0\nno base64 at all\n"),
    lambda log: log.body(0, 5).replace(b"old 0\n", b"old 0" + f"\n{LINE}".encode() * 64 + b"\n"),
    lambda log: log.body(0, 5)[:-1],
    lambda log: log.body(0, 5) + b"more\n",
    lambda log: log.body(0, 5).replace("— ".encode(), b"- "),
    lambda log: log.body(0, 5).replace(b"\n\n", b"\r\n\r\n"),
    lambda log: log.body(0, 5).replace(b"\n\n", b"\n\x00\n\n"),
    lambda log: lines_of(log, 1, "05"),
    lambda log: lines_of(log, 1, "-5"),
    lambda log: lines_of(log, 1, ""),
    lambda log: lines_of(log, 1, "9223372036854775808"),
    lambda log: lines_of(log, 1, "9999999999999999999"),
    lambda log: lines_of(log, 2, "AAAA"),
    lambda log: lines_of(log, 2, "no base64"),
    lambda log: lines_of(log, 3, "liabilities AAAA"),
    lambda log: lines_of(log, 3, "an extension of others"),
]


@pytest.mark.parametrize("spoil", MALFORMED)
def test_what_is_malformed_is_refused_and_never_a_fault(
    witness: Running, log: Log, spoil: Spoils
) -> None:
    answer = witness.ask(spoil(log))
    assert answer.status_code == 400, answer.text
    assert answer.text.endswith("\n")


def test_as_many_lines_of_proof_as_may_be_are_read(witness: Running, log: Log) -> None:
    proof = (bytes(32),) * PROOF_LINES_MAX
    assert witness.ask(asking(0, proof, log.note(5))).status_code == 422


def test_the_largest_size_is_kept(witness: Running, log: Log) -> None:
    huge = Checkpoint(log.origin, 2**63 - 1, bytes(32))
    assert witness.ask(asking(0, (), log.signed(huge.to_text()))).status_code == 200
    assert told_size(witness.ask(log.body(0, 5))) == 2**63 - 1


# ----------------------------------------------------------------------------------------- HTTP


def test_a_body_that_is_too_large_is_refused(witness: Running, log: Log) -> None:
    body = log.body(0, 5) + b"x" * 65_536
    assert witness.ask(body).status_code == 413
    chunks = httpx.post(
        f"{witness.url}/add-checkpoint", content=iter([body[:9], body[9:]]), timeout=60
    )
    assert chunks.status_code == 413
    assert told_size(witness.ask(log.body(1, 5))) == 0


def test_a_body_in_chunks_is_taken(witness: Running, log: Log) -> None:
    body = log.body(0, 5)
    pieces = iter([body[:9], body[9:]])
    assert httpx.post(f"{witness.url}/add-checkpoint", content=pieces).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", "/", 405),
        ("DELETE", "/key", 405),
        ("GET", "/nothing", 404),
        ("GET", "/checkpoint/", 404),
        ("GET", "/checkpoint/%ff%00", 404),
        ("POST", "/add-checkpoint/", 405),
        ("HEAD", "/", 200),
        ("GET", "/key", 200),
    ],
)
def test_other_addresses_and_methods_are_told_apart(
    witness: Running, method: str, path: str, status: int
) -> None:
    answer = httpx.request(method, f"{witness.url}{path}", timeout=60)
    assert answer.status_code == status
    assert ("allow" in answer.headers) == (status == 405)


def test_what_logs_are_called_does_no_harm_to_the_page(tmp_path: Path) -> None:
    odd = Log("<script>alert(1)</script>/é%2F?#")
    with witnessing(tmp_path, [odd]) as witness:
        assert "<script>" not in witness.get("/").text
        assert witness.cosigns(odd, 0, 5)
        assert witness.ask(odd.other().body(5, 5)).status_code == 409
        page = witness.get("/").text
        assert "<script>" not in page
        link = page.partition('href="')[2].partition('"')[0]
        assert read_note(witness.get(link).text).text == odd.checkpoint(5).to_text()


# ------------------------------------------------------------------------- what is never forgotten


def test_it_goes_on_where_it_was_killed_between_keeping_and_answering(tmp_path: Path) -> None:
    log = Log("example.com/killed")
    with (
        witnessing(tmp_path, [log], "tests.audit.killed:site") as witness,
        pytest.raises(httpx.TransportError),
    ):
        witness.ask(log.body(0, 9, OWED))
    with witnessing(tmp_path, [log]) as witness:
        assert told_size(witness.ask(log.other(4).body(0, 9, OWED))) == 9
        assert told_size(witness.ask(log.body(0, 12))) == 9
        assert told_size(witness.ask(log.body(9, 9, MORE))) == 9
        assert witness.cosigns(log, 9, 9, OWED)
        assert witness.cosigns(log, 9, 12)


def test_two_processes_on_one_file_never_cosign_two_histories(tmp_path: Path) -> None:
    stories = [Log(f"example.com/raced{number}") for number in range(12)]
    with (
        witnessing(tmp_path, stories) as first,
        witnessing(tmp_path, stories) as second,
        ThreadPoolExecutor(8) as threads,
    ):
        assert first.key == second.key
        for log in stories:
            sides = [(first, log), (second, log.other()), (second, log), (first, log.other())]
            said = [threads.submit(witness.cosigns, side, 0, 9) for witness, side in sides]
            ours, theirs = (
                said[0].result() or said[2].result(),
                said[1].result() or said[3].result(),
            )
            assert ours != theirs
            winner = log if ours else log.other()
            for witness in (first, second):
                note = read_note(witness.get(f"/checkpoint/{log.origin}").text)
                assert note.text == winner.checkpoint(9).to_text()
            # Both know the loser's as a fork, whoever it asked.
            assert second.get("/").text == first.get("/").text


def test_a_ledger_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    log = Log("example.com/lost")
    with witnessing(tmp_path, [log]) as witness:
        assert witness.cosigns(log, 0, 9)
        for path in tmp_path.glob("seen.sqlite3*"):
            path.unlink()
        assert witness.ask(log.other().body(0, 9)).status_code == 503
        assert witness.get("/").status_code == 503
        assert not (tmp_path / "seen.sqlite3").exists()


def test_the_file_itself_refuses_to_go_back(tmp_path: Path) -> None:
    log = Log("example.com/edited")
    with witnessing(tmp_path, [log]) as witness:
        assert witness.cosigns(log, 0, 9)
    with closing(sqlite3.connect(tmp_path / "seen.sqlite3")) as file:
        for change in (
            "UPDATE seen SET size = 8",
            "UPDATE seen SET root = zeroblob(32)",
            "UPDATE seen SET liabilities = zeroblob(32)",
            "UPDATE seen SET origin = 'other'",
            "DELETE FROM seen",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                file.execute(change)
