"""``shareback verify``: a database by its log, an export by itself, or one account's proof."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from shareback.cli.console import Fault, fault_line, out, progress_bars, shortened, show_json
from shareback.cli.journal import NAME_HELP
from shareback.cli.replay import DATABASE_HELP

if TYPE_CHECKING:
    from shareback.proofs.notes import Verifier

EXPORT_HELP = "An export to verify, without any database."
CHECKPOINT_HELP = "With --export: a checkpoint kept from earlier, to see that the log only grew."
PROOF_HELP = "The proof of one account to check, without any database."
KEY_HELP = "With --export or --proof: a key that you trust; several times."
FILE_BYTES_MAX = 1 << 23
"""Of a proof or a checkpoint; neither comes near it."""


class Verified(NamedTuple):
    """What a verification came to.

    Attributes:
        facts: What JSON tells beside whether all agrees.
        faults: What does not agree, a line each.
        told: Gives the line that people are told where all agrees, from the seconds it took.
    """

    facts: dict[str, Any]
    faults: list[str]
    told: Callable[[float], str]


def verify(
    export: Path | None = typer.Option(None, "--export", metavar="DIR", help=EXPORT_HELP),
    checkpoint: Path | None = typer.Option(
        None, "--checkpoint", metavar="FILE", help=CHECKPOINT_HELP
    ),
    proof: Path | None = typer.Option(None, "--proof", metavar="FILE", help=PROOF_HELP),
    key: list[str] = typer.Option([], "--key", metavar="NAME+ID+KEY", help=KEY_HELP),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    full: bool = typer.Option(False, "--full", help="Replay every event of the database."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Replay a journal and compare all that is claimed; or check an account's proof."""
    if sum((full, export is not None, proof is not None)) != 1:
        raise Fault("say --full, --export DIR or --proof FILE: what is to be verified")
    refuse_strangers(full=full, proof=proof, given=(checkpoint, key), where=(database, name))
    started = time.monotonic()
    if export is not None:
        found = of_export(export, checkpoint, key)
    elif proof is not None:
        found = of_proof(proof, key)
    else:
        found = of_database(database, name)
    seconds = round(time.monotonic() - started, 2)
    faults = found.faults
    if as_json:
        show_json({"ok": not faults, **found.facts, "findings": faults, "seconds": seconds})
    elif not faults:
        out.print(found.told(seconds))
    for fault in faults if not as_json else []:
        fault_line(fault)
    if faults:
        raise typer.Exit(1)


def refuse_strangers(
    *, full: bool, proof: Path | None, given: tuple[object, object], where: tuple[object, object]
) -> None:
    """Refuse options that do not belong together.

    Raises:
        Fault: Some do not.
    """
    checkpoint, keys = given
    if full and (checkpoint is not None or keys):
        raise Fault("--checkpoint and --key go with --export or --proof, not with --full")
    if proof is not None and checkpoint is not None:
        raise Fault("--checkpoint goes with --export: a proof has its own")
    if not full and where != (None, None):
        raise Fault("--database and --name go with --full: what is exported needs neither")


def of_database(database: str | None, name: str | None) -> Verified:
    """Verify a programme's database by its own log."""
    # Django is set up for this alone.
    from shareback.cli.database import use_database  # noqa: PLC0415
    from shareback.cli.programmes import the_programme  # noqa: PLC0415

    use_database(database)
    from shareback.engine.verifying import verify_full  # noqa: PLC0415

    with progress_bars() as bars:
        found = verify_full(
            the_programme(name), progress=lambda done, of: bars("verifying", done, of)
        )
    events = found.events
    return Verified(
        {"events": events},
        [str(finding) for finding in found.findings],
        lambda seconds: f"verified {events:,} events in {seconds} s: log, books and rows agree",
    )


def of_export(folder: Path, checkpoint: Path | None, keys: Sequence[str]) -> Verified:
    """Verify an export."""
    from shareback.audit.export_reading import ExportUnreadable  # noqa: PLC0415 - takes a second
    from shareback.audit.verifying import verify_export  # noqa: PLC0415 - as above
    from shareback.proofs.notes import NoteUnreadable  # noqa: PLC0415 - as above

    kept = None if checkpoint is None else text_in("--checkpoint", checkpoint)
    trusted = verifiers(keys)
    try:
        with progress_bars() as bars:
            found = verify_export(
                folder, kept, trusted, lambda done, of: bars("verifying", done, of)
            )
    except ExportUnreadable as fault:
        raise Fault(f"--export {shortened(fault.path)}: {fault.reason}") from None
    except NoteUnreadable as fault:
        raise Fault(f"--checkpoint {shortened(str(checkpoint))}: no checkpoint: {fault}") from None
    counts = f"{found.events:,} events, {found.days:,} days, {found.checkpoints:,} checkpoints"
    # Each by itself: one that was bribed must not hide that another has stopped.
    by = ", ".join(
        f"{one.name} vouches for its first {found.vouched.get(one, 0):,} events" for one in trusted
    )
    by = by or "its own keys were believed, --key names those that you trust"
    return Verified(
        {
            "programme": found.programme,
            "events": found.events,
            "days": found.days,
            "checkpoints": found.checkpoints,
            "root": found.root.hex(),
            "vouched": {one.to_text(): size for one, size in found.vouched.items()},
        },
        [str(finding) for finding in found.findings],
        lambda seconds: f"verified {counts} in {seconds} s: all that is claimed agrees; {by}",
    )


def of_proof(path: Path, keys: Sequence[str]) -> Verified:
    """Check the proof of an account."""
    from shareback.audit.days import day_text  # noqa: PLC0415 - as above
    from shareback.books.accounts import Unit, amount  # noqa: PLC0415 - only here
    from shareback.proofs.documents import check_proof, read_proof  # noqa: PLC0415 - as above
    from shareback.proofs.paths import ProofWrong  # noqa: PLC0415 - as above

    trusted = verifiers(keys)
    if not trusted:
        raise Fault("--proof: name the programme's key with --key; keys in the file say nothing")
    try:
        proof = read_proof(text_in("--proof", path))
    except ProofWrong as fault:
        raise Fault(f"--proof {shortened(path)}: no proof: {fault}") from None
    account, day = proof.account, day_text(proof.liabilities.day)
    facts: dict[str, Any] = {
        "kind": account.kind.name.lower(),
        "number": account.number,
        "day": day,
        "sums": {name: str(value) for name, value in account.sums._asdict().items()},
    }
    try:
        proved = check_proof(proof, trusted)
    except ProofWrong as fault:
        return Verified(facts, [f"{shortened(path)} proves nothing: {fault}"], str)
    by = [one.name for one in proved.by]
    facts |= {"accrued": str(proved.accrued), "size": proved.checkpoint.size, "vouched": by}
    holds = (
        f"{amount(account.sums.points, Unit.POINTS)} points, "
        f"{amount(account.sums.coins, Unit.COINS)} coins and "
        f"{amount(account.sums.cash + proved.accrued, Unit.MONEY)} in money"
    )
    who = f"{facts['kind']} {account.number}"
    told = f"{who} is counted on {day} with {holds}; signed by {', '.join(by)}"
    return Verified(facts, [], lambda _seconds: told)


def verifiers(texts: Sequence[str]) -> "list[Verifier]":
    """The keys that are trusted.

    Raises:
        Fault: One is none.
    """
    from shareback.proofs.notes import NoteUnreadable, verifier_from_text  # noqa: PLC0415

    found = []
    for text in texts:
        try:
            found.append(verifier_from_text(text))
        except NoteUnreadable as fault:
            raise Fault(f"--key {shortened(text)}: {fault}") from None
    return found


def text_in(option: str, path: Path) -> str:
    """The text of a file.

    Raises:
        Fault: It is not there, no text, or far too long.
    """
    try:
        with path.open("rb") as file:
            body = file.read(FILE_BYTES_MAX + 1)
        if len(body) > FILE_BYTES_MAX:
            raise Fault(f"{option} {shortened(path)}: has more than {FILE_BYTES_MAX} bytes")
        return body.decode()
    except OSError as fault:
        raise Fault(f"{option} {shortened(path)}: {fault.strerror or fault}") from None
    except ValueError:
        raise Fault(f"{option} {shortened(path)}: is no text in UTF-8") from None
