"""The files of an export and their columns; ``docs/reference/export.md`` specifies them."""

from typing import Final

import pyarrow as pa

from shareback.kernels.sums import NODE_BYTES
from shareback.proofs.canonical import COMMITMENT_BYTES
from shareback.proofs.commitment import SALT_BYTES
from shareback.proofs.merkle import HASH_BYTES
from shareback.proofs.sum_tree import Liabilities
from shareback.rules.kinds import FIELDS
from shareback.rules.layout import Head

FORMAT: Final = 1
"""The version of the form of an export."""

MANIFEST: Final = "manifest.json"
KEYS: Final = "keys.txt"

INTS: Final = max(map(len, FIELDS.values()))
"""How many integers the kind with the most of them has."""

LIABILITIES_BYTES: Final = 8 * (len(Liabilities._fields) - 1) + NODE_BYTES

HEAD_COLUMNS: Final = tuple(column.name.lower() for column in Head)


def present(name: str, kind: pa.DataType) -> pa.Field:
    """A column without a gap."""
    return pa.field(name, kind, nullable=False)


JOURNAL: Final = pa.schema(
    [
        present("kind", pa.uint8()),
        present("day", pa.int64()),
        present("at", pa.int64()),
        *(pa.field(f"i{place}", pa.int64()) for place in range(INTS)),
        pa.field("commitment", pa.binary(COMMITMENT_BYTES)),
        pa.field("blob", pa.binary()),
        present("salt", pa.binary(SALT_BYTES)),
    ]
)
"""A row for each event, in the order of the log."""

DAYS: Final = pa.schema(
    [
        *(present(name, pa.int64()) for name in HEAD_COLUMNS),
        present("root", pa.binary(HASH_BYTES)),
    ]
)
"""A row for each day that has closed."""

ACCOUNTS: Final = pa.schema(
    [
        present("kind", pa.uint8()),
        present("number", pa.int64()),
        present("salt", pa.binary(SALT_BYTES)),
    ]
)
"""A row for each account that a checkpoint counts."""

PLACES: Final = pa.schema(
    [
        present("height", pa.uint8()),
        present("kind", pa.uint8()),
        present("number", pa.int64()),
        present("place", pa.int64()),
    ]
)
"""Where the leaf of each account stands, in a tree of each height that a checkpoint names."""

CHECKPOINTS: Final = pa.schema(
    [
        present("day", pa.int64()),
        present("size", pa.int64()),
        present("liabilities", pa.binary(LIABILITIES_BYTES)),
        present("note", pa.string()),
    ]
)
"""A row for each checkpoint."""

TABLES: Final[dict[str, pa.Schema]] = {
    "journal.parquet": JOURNAL,
    "days.parquet": DAYS,
    "accounts.parquet": ACCOUNTS,
    "places.parquet": PLACES,
    "checkpoints.parquet": CHECKPOINTS,
}
"""The tables of an export, by the names of their files."""

HASHED: Final = (*TABLES, KEYS)
"""The files whose hashes the manifest has: all but itself."""
