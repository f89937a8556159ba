"""The statements of the usual way, in PostgreSQL's dialect; SQLite's peer translates them."""

from shareback.journal.heads import HEAD_COLUMNS

COLUMNS = ", ".join(f'"{name}"' for name in HEAD_COLUMNS)

SELECT_KEY = "SELECT key FROM journal_programme WHERE id = %s"
SELECT_HEAD = (
    "SELECT day, sequence, frontier, order_escrow, bank, quota_granted, quota_pending, orders,"
    " orders_pending, phase FROM journal_programme WHERE id = %s FOR UPDATE"
)
SELECT_BUYER = (
    "SELECT m.number, m.referrer, m.party, i.salt FROM journal_identity i JOIN journal_member m"
    " ON m.programme_id = i.programme_id AND m.number = i.number"
    " WHERE i.programme_id = %s AND i.kind = 1 AND i.outside_id = %s FOR UPDATE OF m"
)
INSERT_ORDER = (
    "INSERT INTO journal_order (programme_id, number, member, merchant, referrer, terms, backing,"
    " paid, refunded, profit, state, paid_day, due_day, linked, order_id)"
    " VALUES (%s, %s, %s, 0, %s, 0, %s, %s, 0, %s, 0, %s, %s, 0, %s)"
)
INSERT_EVENT = "INSERT INTO journal_event (programme_id, sequence, body) VALUES (%s, %s, %s)"
UPDATE_HEAD_PAID = (
    "UPDATE journal_programme SET sequence = %s, frontier = %s, order_escrow = %s, bank = %s,"
    " quota_pending = %s, orders = %s, orders_pending = %s WHERE id = %s"
)
SELECT_POOL = (
    "SELECT reserve, supply, issued, points_members, order_escrow, pot, payable, cash,"
    " dividends_in, dividends_credited, weight, quota_granted, quota_pending, quota_open,"
    ' orders_pending, orders_matured, "index", last_price'
    " FROM journal_programme WHERE id = %s FOR UPDATE"
)
UPDATE_POOL = (
    "UPDATE journal_programme SET reserve = %s, supply = %s, issued = %s, points_members = %s,"
    " order_escrow = %s, pot = %s, payable = %s, cash = %s, dividends_in = %s,"
    " dividends_credited = %s, weight = %s, quota_granted = %s, quota_pending = %s,"
    " quota_open = %s, orders_pending = %s, orders_matured = %s WHERE id = %s"
)
SELECT_ORDER = (
    "SELECT member, referrer, backing, paid, refunded, profit, due_day, linked"
    " FROM journal_order WHERE programme_id = %s AND number = %s"
)
SELECT_MEMBER = (
    'SELECT number, points, cash, quota, used, "index", earned, dividends, receivable, tier, party'
    " FROM journal_member WHERE programme_id = %s AND number = %s FOR UPDATE"
)
UPDATE_MEMBER = (
    'UPDATE journal_member SET points = %s, cash = %s, quota = %s, used = %s, "index" = %s,'
    " earned = %s, dividends = %s, key = %s WHERE programme_id = %s AND number = %s"
)
INSERT_MATURITY = (
    "INSERT INTO journal_maturity (programme_id, number, points_buyer, points_referrer,"
    " earned_buyer, earned_referrer, dividends_buyer, dividends_referrer, matured_net,"
    " taken_buyer, taken_referrer, day)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, %s)"
)
SELECT_DUE = (
    "SELECT number FROM journal_order o WHERE programme_id = %s AND due_day = %s AND state = 0"
    " AND NOT EXISTS (SELECT 1 FROM journal_maturity m WHERE m.programme_id = o.programme_id"
    " AND m.number = o.number) ORDER BY order_id"
)
SELECT_ALL = f"SELECT {COLUMNS} FROM journal_programme WHERE id = %s FOR UPDATE"
SELECT_FRONTIER = "SELECT frontier FROM journal_programme WHERE id = %s"
SELECT_FIRST_KEY = (
    "SELECT key FROM journal_member WHERE programme_id = %s AND tier = 0 AND points > 0"
    " ORDER BY key, number LIMIT 1"
)
INSERT_DAY = (
    f"INSERT INTO journal_day (programme_id, root, {COLUMNS})"
    f" VALUES (%s, %s, {', '.join(['%s'] * len(HEAD_COLUMNS))})"
)
UPDATE_DIVIDED = 'UPDATE journal_programme SET pot = %s, payable = %s, "index" = %s WHERE id = %s'
UPDATE_CLOSED = "UPDATE journal_programme SET day = %s, sequence = %s, frontier = %s WHERE id = %s"
