"""A programme's witnesses are asked for cosignatures; their answers are checked and kept."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from typing import NamedTuple

import pytest

from shareback.gateways.addresses import resolve
from shareback.gateways.lookups import Lookups
from shareback.gateways.witnesses import Asking, Outcome
from shareback.journal.models import Checkpoint as Published
from shareback.journal.models import Cosignature, Witness
from shareback.proofs.notes import Verifier, read_note, vouched
from tests.audit.logs import Log, Running, witnessing
from tests.backends.journals import open_anew
from tests.backends.servers import free_port
from tests.gateways.dripping import dripping, wasting
from tests.gateways.odd_witnesses import KEY, Said, Says, line_under, of_another, saying

NUMBERS = count()
LOGS = [Log(f"example.com/programme{number}") for number in range(120)]
OWED = bytes(range(32))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A witness that trusts all logs."""
    with witnessing(tmp_path_factory.mktemp("witness"), LOGS) as one:
        yield one


class Programme(NamedTuple):
    """A programme with a log of its own, whose checkpoints a test publishes."""

    number: int
    alias: str
    log: Log

    def publish(self, day: int, size: int, owed: bytes = OWED) -> str:
        """Publish a checkpoint of its log; the note."""
        note = self.log.note(size, owed)
        Published.objects.using(self.alias).create(
            programme_id=self.number,
            day=day,
            size=size,
            root=self.log.checkpoint(size).root,
            liabilities=owed,
            note=note,
        )
        return note

    def knows(self, url: str, key: Verifier, seen: int = 0) -> None:
        """Let it ask a witness from now on."""
        Witness.objects.using(self.alias).create(
            programme_id=self.number, name=key.name, url=url, public=key.key, seen=seen
        )

    def asks(self, note: str, log: Log | None = None) -> list[Outcome]:
        """Ask its witnesses."""
        asking = Asking(self.alias, to_private=True)
        return asking.ask(self.number, note, (log or self.log).nodes)

    @property
    def witness(self) -> Witness:
        """The row of its only witness."""
        return Witness.objects.using(self.alias).get(programme_id=self.number)

    def lines(self) -> dict[int, str]:
        """The cosignatures that it has kept, by day."""
        rows = Cosignature.objects.using(self.alias).filter(programme_id=self.number)
        return {row.day: row.line for row in rows}


@pytest.fixture
def programme(alias: str) -> Programme:
    """A programme that nobody has asked for anything."""
    number = next(NUMBERS)
    engine = open_anew(alias, f"Witnessed {number}")
    return Programme(engine.id, alias, LOGS[number])


# ---------------------------------------------------------------------------- a witness as it runs


def test_a_cosignature_is_checked_and_kept(programme: Programme, running: Running) -> None:
    programme.knows(running.url, running.key)
    for day, size in ((1, 9), (2, 20)):
        note = programme.publish(day, size)
        (outcome,) = programme.asks(note)
        assert outcome == Outcome(running.key.name, line=programme.lines()[day])
        whole = read_note(note + outcome.line)
        assert vouched(whole, [programme.log.verifier, running.key])[1:] == [running.key]
        assert (programme.witness.seen, programme.witness.fault) == (size, "")


def test_who_has_cosigned_a_checkpoint_is_not_asked_again(
    programme: Programme, running: Running
) -> None:
    programme.knows(running.url + "/", running.key)
    note = programme.publish(1, 9)
    assert len(programme.asks(note)) == 1
    assert programme.asks(note) == []
    assert len(programme.lines()) == 1


def test_a_witness_that_saw_another_size_is_asked_again_from_there(
    programme: Programme, running: Running
) -> None:
    assert running.cosigns(programme.log, 0, 5)
    note = programme.publish(1, 9)
    for seen in (0, 7, 9, 30):
        programme.knows(running.url, running.key, seen)
        (outcome,) = programme.asks(note)
        assert outcome.fault == ""
        assert programme.witness.seen == 9
        Witness.objects.using(programme.alias).filter(programme_id=programme.number).delete()
        Cosignature.objects.using(programme.alias).filter(programme_id=programme.number).delete()


def test_an_answer_that_got_lost_is_asked_for_again(programme: Programme, running: Running) -> None:
    note = programme.publish(1, 9)
    programme.knows(running.url, running.key)
    assert running.ask(programme.log.body(0, 9, OWED)).status_code == 200
    assert programme.asks(note)[0].fault == ""


def alarm_of(programme: Programme, outcomes: list[Outcome]) -> str:
    """The fault of the only witness, which is an alarm and is kept."""
    (outcome,) = outcomes
    assert outcome.is_alarm
    assert outcome.line == ""
    assert programme.lines() == {}
    assert programme.witness.fault == outcome.fault
    return outcome.fault


def test_another_history_is_an_alarm(programme: Programme, running: Running) -> None:
    programme.knows(running.url, running.key)
    assert running.cosigns(programme.log.other(), 0, 9)
    assert alarm_of(programme, programme.asks(programme.publish(1, 9))) == (
        "refused: it has seen another checkpoint of 9 entries"
    )
    assert alarm_of(programme, programme.asks(programme.publish(2, 12))) == (
        "refused: the log is not shown to extend the 9 entries that it has seen"
    )


def test_other_liabilities_are_an_alarm(programme: Programme, running: Running) -> None:
    programme.knows(running.url, running.key)
    assert running.cosigns(programme.log, 0, 9, bytes(32))
    told = alarm_of(programme, programme.asks(programme.publish(1, 9)))
    assert told == "refused: it has seen another checkpoint of 9 entries"


@pytest.mark.parametrize("seen", [0, 20])
def test_a_journal_that_is_shorter_than_what_was_seen_is_an_alarm(
    programme: Programme, running: Running, seen: int
) -> None:
    programme.knows(running.url, running.key, seen)
    assert running.cosigns(programme.log, 0, 20)
    told = alarm_of(programme, programme.asks(programme.publish(1, 9)))
    assert told == "refused: it has seen 20 entries, and this checkpoint has 9"
    assert programme.witness.seen == seen


def test_an_older_checkpoint_after_a_newer_is_no_alarm(
    programme: Programme, running: Running
) -> None:
    programme.knows(running.url, running.key)
    older, newer = programme.publish(1, 9), programme.publish(2, 20)
    assert programme.asks(newer)[0].fault == ""
    (outcome,) = programme.asks(older)
    assert not outcome.is_alarm
    assert outcome.fault == "it has seen 20 entries, and this checkpoint has 9"


def test_an_alarm_ends_with_the_next_cosignature(programme: Programme, running: Running) -> None:
    programme.knows(running.url, running.key)
    assert running.cosigns(programme.log, 0, 20)
    alarm_of(programme, programme.asks(programme.publish(1, 9)))
    assert programme.asks(programme.publish(2, 25))[0].fault == ""
    assert (programme.witness.fault, programme.witness.seen) == ("", 25)


def test_a_log_and_a_key_that_it_does_not_know_are_told(
    programme: Programme, running: Running
) -> None:
    programme.knows(running.url, running.key)
    stranger = Log("example.com/stranger")
    programme.publish(1, 9)
    assert programme.asks(stranger.note(9), stranger)[0].fault == (
        "answered 404: does not know this log"
    )
    impostor = Log(programme.log.origin)
    impostor.secret = bytes(32)
    assert programme.asks(impostor.note(9))[0].fault == (
        "answered 403: does not trust the key of this log"
    )


# ------------------------------------------------------------------------- witnesses that misbehave


ANSWERS: list[tuple[Says, str]] = [
    (lambda _b, _n: Said(200), "answered with something else than a cosignature"),
    (lambda _b, _n: Said(200, b"\xff\n"), "answered with something else than a cosignature"),
    (lambda _b, _n: Said(200, b"<html>"), "answered with something else than a cosignature"),
    (lambda b, _n: Said(200, of_another(b)), "its cosignature is wrong"),
    (lambda b, _n: Said(200, line_under(b) + of_another(b)), "its cosignature is wrong"),
    (lambda b, _n: Said(200, line_under(b, "other")), "answered with another key's cosignature"),
    (
        lambda b, _n: Said(200, line_under(b, secret=bytes(32))),
        "answered with another key's cosignature",
    ),
    (lambda b, _n: Said(201, line_under(b)), "answered 201"),
    (lambda _b, _n: Said(500, b"Traceback"), "answered 500"),
    (lambda _b, _n: Said(400), "answered 400: calls what it was sent malformed"),
    (lambda _b, _n: Said(302, b"", (("Location", "http://127.0.0.1:1/"),)), "answered 302"),
    (lambda _b, _n: Said(409), "answered 409 without a size"),
    (lambda _b, _n: Said(409, b"-1\n"), "answered 409 without a size"),
    (lambda _b, _n: Said(409, b"\xff"), "answered 409 without a size"),
    (lambda _b, _n: Said(409, b"9" * 19), "answered 409 with a size that no log has"),
    (lambda _b, _n: Said(409, b"0\n"), "answered 409, and was asked from its own size 0"),
    (lambda _b, n: Said(409, f"{n}\n".encode()), "names another size each time that it is asked"),
    (lambda _b, _n: Said(409, b"3\n"), "answered 409, and was asked from its own size 3"),
    (
        lambda _b, _n: Said(409, b"9\n"),
        "refused: it has seen another checkpoint of 9 entries",
    ),
    (
        lambda _b, _n: Said(409, b"9223372036854775807\n"),
        "refused: it has seen 9223372036854775807 entries, and this checkpoint has 9",
    ),
    (
        lambda _b, _n: Said(422),
        "refused: the log is not shown to extend the 0 entries that it has seen",
    ),
]


@pytest.mark.parametrize(("says", "fault"), ANSWERS)
def test_what_is_no_cosignature_is_told_and_nothing_is_kept(
    programme: Programme, says: Says, fault: str
) -> None:
    note = programme.publish(1, 9)
    with saying(says) as (url, got):
        programme.knows(url, KEY)
        (outcome,) = programme.asks(note)
    assert outcome == Outcome(KEY.name, fault=fault)
    assert programme.lines() == {}
    assert (programme.witness.fault, programme.witness.seen) == (fault, 0)
    assert 1 <= len(got) <= 2


def test_lines_of_other_keys_are_passed_over(programme: Programme) -> None:
    note = programme.publish(1, 9)

    def says(body: bytes, _number: int) -> Said:
        return Said(200, line_under(body, "other") + line_under(body))

    with saying(says) as (url, _got):
        programme.knows(url, KEY)
        (outcome,) = programme.asks(note)
    assert outcome.line.encode() == line_under(b"old 0\n\n" + note.encode())
    assert programme.lines() == {1: outcome.line}


def test_an_answer_without_end_is_not_read_to_it(programme: Programme) -> None:
    note = programme.publish(1, 9)
    # Each line is right, so that the first part would do, if it ended with one.
    with saying(lambda b, _n: Said(200, line_under(b) * 100_000)) as (url, _got):
        programme.knows(url, KEY)
        (outcome,) = programme.asks(note)
    assert outcome.fault == "answered with something else than a cosignature"


# ------------------------------------------------------------------------ witnesses that are away


def test_a_witness_that_is_away_holds_up_no_other(programme: Programme, running: Running) -> None:
    note = programme.publish(1, 9)
    programme.knows(running.url, running.key)
    gone = {
        "gone": (f"http://127.0.0.1:{free_port()}", "no answer: ConnectError"),
        "nowhere": ("http://nowhere.invalid", "the host is unknown"),
        "odd": ("ftp://127.0.0.1", "must begin with https://"),
        "none": ("http://[", "has a host whose name is none"),
    }
    for name, (url, _fault) in gone.items():
        programme.knows(url, KEY._replace(name=name))

    def look_up(host: str, port: int) -> list[str]:
        if host == "nowhere.invalid":
            raise OSError
        return resolve(host, port)

    asking = Asking(programme.alias, to_private=True, look_up=look_up)
    found = asking.ask(programme.number, note, programme.log.nodes)
    outcomes = {one.name: one for one in found}
    assert outcomes.pop(running.key.name).line == programme.lines()[1]
    assert {name: one.fault for name, one in outcomes.items()} == {
        name: fault for name, (_url, fault) in gone.items()
    }
    # The next time only those are asked that are missing.
    again = asking.ask(programme.number, note, programme.log.nodes)
    assert {one.name for one in again} == set(gone)


def test_a_witness_that_drips_is_cut_off(programme: Programme) -> None:
    note = programme.publish(1, 9)
    with ExitStack() as servers:
        waster = servers.enter_context(wasting(dripping(0.05)))
        programme.knows(waster.url, KEY)
        asking = Asking(programme.alias, to_private=True, deadline_s=0.5)
        (outcome,) = asking.ask(programme.number, note, programme.log.nodes)
    assert outcome.fault == "no answer in time"


def test_hosts_that_hang_are_counted(programme: Programme) -> None:
    note = programme.publish(1, 9)
    programme.knows("http://witness.example", KEY)
    asking = Asking(programme.alias, to_private=True, lookups=Lookups(0, 0))
    (outcome,) = asking.ask(programme.number, note, programme.log.nodes)
    assert outcome.fault == "too many hosts' addresses are being looked up"


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://127.0.0.1:8099", "must begin with https://"),
        ("https://127.0.0.1:8099", "the host has an address that is not public"),
        ("https://witness.example", "the host has an address that is not public"),
    ],
)
def test_its_own_network_is_asked_only_where_the_installation_says_so(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, url: str, fault: str
) -> None:
    monkeypatch.delenv("SHAREBACK_WEBHOOKS_TO_PRIVATE", raising=False)
    note = programme.publish(1, 9)
    programme.knows(url, KEY)
    asking = Asking(programme.alias, look_up=lambda _host, _port: ["127.0.0.1"])
    (outcome,) = asking.ask(programme.number, note, programme.log.nodes)
    assert outcome.fault == fault


def test_a_programme_without_witnesses_asks_nobody(programme: Programme) -> None:
    assert programme.asks(programme.publish(1, 9)) == []


def test_a_checkpoint_that_the_journal_has_not_published_is_a_fault(programme: Programme) -> None:
    with pytest.raises(Published.DoesNotExist):
        programme.asks(programme.log.note(9))
