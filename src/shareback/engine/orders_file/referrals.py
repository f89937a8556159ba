"""Who brought whom: a member's referrer stands on the member's first order, or nowhere.

The plain rule: a member's referrer is the one named on the member's first order (by time, then
row). That referrer has an order before it. The member's later orders name the same referrer or
none. So a referrer never changes (R4.3), nobody is brought by a later member, and no ring can
be written down.
"""

from collections.abc import Iterator

from shareback.engine.orders_file.faults import Fault, shown
from shareback.engine.orders_file.layout import Layout
from shareback.engine.orders_file.shelf import Shelf

_FIRST = """
    DROP TABLE IF EXISTS first;
    CREATE TEMP TABLE first (
        member_id TEXT PRIMARY KEY, row INTEGER NOT NULL, paid INTEGER NOT NULL,
        referrer_id TEXT NOT NULL
    ) WITHOUT ROWID;
    INSERT INTO first
        SELECT line.member_id, line.row, paid, referrer_id
        FROM (SELECT DISTINCT member_id FROM line) AS member
        JOIN line ON line.row = (
            SELECT row FROM line AS earliest WHERE earliest.member_id = member.member_id
            ORDER BY paid, row LIMIT 1
        );
"""
_FAULTS = """
    SELECT line.row, line.order_id, line.referrer_id, line.row = mine.row, mine.row,
        mine.referrer_id, theirs.row
    FROM line JOIN first AS mine USING (member_id)
    LEFT JOIN first AS theirs ON theirs.member_id = line.referrer_id
    WHERE line.referrer_id <> '' AND CASE
        WHEN line.row <> mine.row THEN line.referrer_id <> mine.referrer_id
        ELSE theirs.row IS NULL
            OR (theirs.paid, theirs.row) > (mine.paid, mine.row)
        END
    ORDER BY line.row
"""
_ORDERS_IN_TIME = """
    SELECT row, order_id, member_id, referrer_id FROM line
    WHERE NOT later AND member_id IN (
        SELECT member_id FROM line WHERE referrer_id <> ''
        UNION SELECT referrer_id FROM line
    )
    ORDER BY paid, row
"""


class Referrals:
    """Checks who brought whom."""

    def __init__(self, shelf: Shelf, layout: Layout, unit: str) -> None:
        """Look at staged rows; the layout and unit are for the words of faults."""
        self._shelf = shelf
        self._column = layout.name_of("referrer_id")
        self._unit = unit

    def are_named(self) -> bool:
        """Whether any row names a referrer."""
        return any(
            self._shelf.numbers("SELECT EXISTS (SELECT * FROM line WHERE referrer_id <> '')")
        )

    def find_firsts(self) -> None:
        """Find each member's first order."""
        self._shelf.database.execute(
            "CREATE INDEX IF NOT EXISTS line_member ON line (member_id, paid)"
        )
        self._shelf.database.executescript(_FIRST)

    def faults(self) -> Iterator[Fault]:
        """What is wrong, in the file's order."""
        for row, order, referrer, opens, first, named, theirs in self._shelf.database.execute(
            _FAULTS
        ):
            if not opens:
                other = f"names {shown(named)!r}" if named else "names nobody"
                reason = f"comes too late: the member's first order, {self._unit} {first}, {other}"
            elif theirs is None:
                reason = "has no order in this file; a referrer buys before the member does"
            else:
                reason = (
                    f"has no order before this one, the first being {self._unit} {theirs}; a "
                    "referrer buys before the member does"
                )
            yield Fault(row, order, self._column, referrer, reason)

    def faults_in_turn(self) -> Iterator[Fault]:
        """What is wrong where each bad order is left out before the next one is looked at.

        Slower than ``faults``, one order after another in time: leaving out an order may take
        the first one from a member, and with it the referrer from others.
        """
        database = self._shelf.database
        database.executescript(
            """
            CREATE TEMP TABLE joined (
                member_id TEXT PRIMARY KEY, referrer_id TEXT NOT NULL
            ) WITHOUT ROWID;
            """
        )
        known = "SELECT referrer_id FROM joined WHERE member_id = ?"
        for row, order, member, referrer in database.execute(_ORDERS_IN_TIME):
            mine = database.execute(known, (member,)).fetchone()
            if mine is None and (not referrer or database.execute(known, (referrer,)).fetchone()):
                database.execute("INSERT INTO joined VALUES (?, ?)", (member, referrer))
            elif mine is None:
                reason = "has no order before this one that is taken"
                yield Fault(row, order, self._column, referrer, reason)
            elif referrer not in ("", mine[0]):
                reason = "comes too late: the member's first order that is taken does not name it"
                yield Fault(row, order, self._column, referrer, reason)
        database.execute("DROP TABLE joined")

    def settle(self) -> None:
        """Keep the referrer on the member's first order only."""
        self._shelf.database.execute(
            """
            UPDATE line SET referrer_id = '' WHERE referrer_id <> '' AND row <> (
                SELECT row FROM first WHERE first.member_id = line.member_id
            )
            """
        )
