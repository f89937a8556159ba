"""Small orders files for the command line, and those that must be refused."""

from pathlib import Path

HEADER = "order_id,member_id,paid_at,amount"
REFUNDS = f"{HEADER},refunded_at,refund_amount"
REFERRERS = f"{HEADER},referrer_id"
GOOD = """order_id,member_id,paid_at,amount,merchant_id,referrer_id,refunded_at,refund_amount
a1,anna,2026-01-01T09:00:00,100.00,north,,,
b1,bert,2026-01-01T10:00:00,250.50,south,anna,,
a2,anna,2026-01-02T09:00:00,80,north,,2026-01-20T12:00:00,30
c1,carl,2026-01-03T09:00:00,12.345678,south,bert,2026-01-04,12.345678
"""


def refused(*rows: str, header: str = HEADER) -> str:
    """A file of one good row, which is line 2, and bad ones."""
    good = "good,anna,2026-01-01,100" + "," * (header.count(",") - HEADER.count(","))
    return "\n".join([header, good, *rows]) + "\n"


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "is empty"),
    "header only": (f"{HEADER}\n", "no rows"),
    "unreadable amount": (refused("x,anna,2026-01-01,ten"), "line 3, column amount: 'ten'"),
    "negative": (refused("x,anna,2026-01-01,-5"), "line 3, column amount: '-5'"),
    "zero": (refused("x,anna,2026-01-01,0"), "line 3, column amount: '0'"),
    "NaN": (refused("x,anna,2026-01-01,NaN"), "line 3, column amount: 'NaN'"),
    "infinity": (refused("x,anna,2026-01-01,inf"), "line 3, column amount: 'inf'"),
    "exponent": (refused("x,anna,2026-01-01,1e400"), "line 3, column amount: '1e400'"),
    "thirty digits": (refused(f"x,anna,2026-01-01,{'9' * 30}"), "line 3, column amount: '999"),
    "seven places": (refused("x,anna,2026-01-01,1.1234567"), "line 3, column amount: '1.12"),
    "no such date": (refused("x,anna,2026-02-30,5"), "line 3, column paid_at: '2026-02-30'"),
    "over-long id": (refused(f"{'x' * 201},anna,2026-01-01,5"), "line 3, column order_id: 'xxx"),
    "empty id": (refused(",anna,2026-01-01,5"), "line 3, column order_id"),
    "no member": (refused("x,,2026-01-01,5"), "line 3, column member_id"),
    "too few cells": (refused("x,anna,2026-01-01"), "line 3"),
    "duplicate order": (refused("good,anna,2026-01-01,100"), "line 3, column order_id: 'good'"),
    "refund above what was paid": (
        refused("x,anna,2026-01-01,5,2026-01-02,5.000001", header=REFUNDS),
        "line 3, column refund_amount: '5.000001'",
    ),
    "refunds together above what was paid": (
        refused(
            "x,anna,2026-01-01,5,2026-01-02,3",
            "x,anna,2026-01-01,5,2026-01-03,3",
            header=REFUNDS,
        ),
        "line 4, column refund_amount",
    ),
    "refund before payment": (
        refused("x,anna,2026-01-05,5,2026-01-02,3", header=REFUNDS),
        "line 3, column refunded_at",
    ),
    "order before its referrer": (
        refused("x,bert,2026-01-01,5,carl", "y,carl,2026-01-02,5,", header=REFERRERS),
        "line 3, column referrer_id: 'carl'",
    ),
    "referrer of oneself": (
        refused("x,bert,2026-01-01,5,bert", header=REFERRERS),
        "line 3, column referrer_id: 'bert'",
    ),
    "column missing": ("order_id,member_id,paid_at\nx,anna,2026-01-01\n", "amount"),
    "column twice": (f"{HEADER},amount\nx,anna,2026-01-01,5,5\n", "amount"),
    "cut in the middle": (refused('x,anna,2026-01-01,"5'), "line 3"),
    "not UTF-8": (refused("x,ann\xe9,2026-01-01,5").encode("latin-1"), "UTF-8"),
    "cut Parquet": (b"PAR1 and then nothing", "Parquet"),
    "more than can be counted": (
        refused("x,anna,2026-01-01,2000000000000", "y,anna,2026-01-02,2000000000000"),
        "line 4, column amount: '2000000000000' brings all orders above",
    ),
}
"""What a file holds, and what the line that refuses it says."""


def write(folder: Path, content: str | bytes = GOOD, name: str = "orders.csv") -> Path:
    """Write a file as it stands."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
