"""The logs that a witness trusts: a file of their keys, one a line."""

from collections.abc import Mapping
from pathlib import Path

from shareback.proofs.notes import NoteUnreadable, Verifier, verifier_from_text

Logs = Mapping[str, tuple[Verifier, ...]]
"""The keys of each log, by its origin: a key is called as the log is."""

KEYS_BYTES_MAX = 1 << 20


class KeysUnreadable(ValueError):
    """A file that does not tell whom to trust."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        """Keep where it is wrong; line 0 is the whole file."""
        self.path = path
        self.line = line
        self.reason = reason
        place = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{place}: {reason}")


def read_logs(path: Path) -> Logs:
    """Read the keys of the logs that are trusted.

    Args:
        path: A file with a key as `Verifier.to_text` writes it on each line; a log has several
            lines while it changes its key. Empty lines and those with ``#`` before them are passed
            over.

    Raises:
        KeysUnreadable: A line is no key, or there is none.
    """
    found: dict[str, tuple[Verifier, ...]] = {}
    for number, line in enumerate(text_of(path).split("\n"), 1):
        told = line.strip()
        if not told or told.startswith("#"):
            continue
        try:
            key = verifier_from_text(told)
        except NoteUnreadable as fault:
            raise KeysUnreadable(path, number, fault.reason) from None
        keys = found.get(key.name, ())
        if key not in keys:
            found[key.name] = (*keys, key)
    if not found:
        raise KeysUnreadable(path, 0, "names no log's key; write one a line: name+id+key")
    return found


def text_of(path: Path) -> str:
    """The text of a file of keys.

    Raises:
        KeysUnreadable: It is not there, too large, or no text.
    """
    try:
        if path.stat().st_size > KEYS_BYTES_MAX:
            raise KeysUnreadable(path, 0, f"has more than {KEYS_BYTES_MAX:,} bytes")
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise KeysUnreadable(path, 0, fault.strerror or str(fault)) from None
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise KeysUnreadable(path, line, "is no UTF-8") from None
