"""Recorded files of each format: one order's money, and a fee."""

from pathlib import Path
from typing import NamedTuple

FILES = Path(__file__).parent / "files"
COLUMNS = {
    "date": "Booked",
    "amount": "Amount",
    "balance": "Balance after",
    "reference": "Purpose",
    "text": "Note",
}


class Sample(NamedTuple):
    """A recorded file: its name, its format, and its columns where it has some of its own."""

    name: str
    form: str
    mapping: dict[str, str]

    @property
    def content(self) -> bytes:
        """The file."""
        return (FILES / self.name).read_bytes()


SAMPLES = [
    Sample("camt053-02.xml", "camt053", {}),
    Sample("camt053-08.xml", "camt053", {}),
    Sample("plain.csv", "csv", COLUMNS),
    Sample("alipay.csv", "alipay", {}),
    Sample("wechat.csv", "wechat", {}),
]
