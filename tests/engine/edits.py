"""Edits of the database that a verification must name, and the line in which it does (A47).

``OURS`` stands for the condition that a row is the programme's, ``ID`` for the programme's number
in the database, and ``LAST column OF table`` for the highest value that the programme has there.
"""

EDITS: dict[str, str] = {
    "UPDATE journal_member SET cash = cash + 1 WHERE OURS AND number = 7": (
        r"member 7: cash is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_member SET retier = 1 - retier WHERE OURS AND number > 20": (
        r"member 21: retier is . in the database, . by the log \(3 more rows of the table"
    ),
    "DELETE FROM journal_member WHERE OURS AND number = 24": (
        r"member 24 is missing in the database"
    ),
    "UPDATE journal_member SET number = 99 WHERE OURS AND number = 5": (
        r"member 5 is missing in the database \(1 more rows of the table differ\)"
    ),
    "UPDATE journal_merchant SET payable = payable + 1 WHERE OURS AND number = 4": (
        r"merchant 4: payable is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_order SET linked = 1 - linked WHERE OURS AND number = 11": (
        r"order 11: linked is . in the database, . by the log"
    ),
    "UPDATE journal_order SET state = 2 - state WHERE OURS AND number = 12": (
        r"order 12: state is . in the database, . by the log"
    ),
    "UPDATE journal_maturity SET earned_buyer = 5"
    " WHERE OURS AND number = LAST number OF maturity": (
        r"maturity of order \d+: earned_buyer is 5 in the database, \d+ by the log"
    ),
    "UPDATE journal_maturity SET day = day + 1 WHERE OURS": (
        r"maturity of order \d+: day is \d+ in the database, \d+ by the log \(\d+ more rows"
    ),
    "UPDATE journal_payment SET merchant = merchant + 1 WHERE OURS AND number = 2": (
        r"payment 2: merchant is . in the database, . by the log"
    ),
    "UPDATE journal_movement SET gross = gross + 1"
    " WHERE OURS AND sequence = LAST sequence OF movement AND line = 0": (
        r"movement 0 of event \d+: gross is \d+ in the database, \d+ by the log"
    ),
    "DELETE FROM journal_movement"
    " WHERE OURS AND sequence = LAST sequence OF movement AND line = 0": (
        r"movement 0 of event \d+ is missing in the database"
    ),
    "UPDATE journal_movement SET sequence = sequence + 1000000"
    " WHERE OURS AND sequence = LAST sequence OF movement": (
        r"movement 0 of event \d+ is missing in the database"
    ),
    "INSERT INTO journal_movement (programme_id, sequence, line, kind, day, member, merchant,"
    ' "order", points, gross, money, coins)'
    " SELECT programme_id, sequence + 1000000, line, kind, day, member, merchant,"
    ' "order", points, gross, money, coins FROM journal_movement'
    " WHERE OURS AND sequence = LAST sequence OF movement AND line = 0": (
        r"movement 0 of event \d+ is in the database, but does not follow from the log"
    ),
    "UPDATE journal_day SET exits = exits + 1 WHERE OURS AND day = LAST day OF day": (
        r"day 2026-01-12: exits is \d+ in the database, \d+ by the log"
    ),
    "DELETE FROM journal_day WHERE OURS AND day = LAST day OF day": (
        r"day 2026-01-12 is missing in the database"
    ),
    "UPDATE journal_day SET day = day + 100 WHERE OURS AND day = LAST day OF day": (
        r"day 2026-04-22 is in the database, but does not follow from the log"
    ),
    "UPDATE journal_programme SET weight = weight - 1 WHERE id = ID": (
        r"head: weight is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_programme SET reserve = reserve - 1, free = free + 1 WHERE id = ID": (
        r"head: reserve is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_refund SET money = money + 1"
    " WHERE OURS AND sequence = LAST sequence OF refund": (
        r"refund of event \d+: money is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_refund SET paid_out = paid_out + 1"
    " WHERE OURS AND sequence = LAST sequence OF refund": (
        r"refund of event \d+: paid_out is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_refund SET member = member + 1"
    " WHERE OURS AND sequence = LAST sequence OF refund": (
        r"refund of event \d+: member is \d+ in the database, \d+ by the log"
    ),
    "DELETE FROM journal_refund WHERE OURS AND sequence = LAST sequence OF refund": (
        r"refund of event \d+ is missing in the database"
    ),
    "UPDATE journal_terms SET from_day = from_day + 1 WHERE OURS AND version = 1": (
        r"terms 1: from_day is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_terms SET parameters = REPLACE(parameters, '0.25', '0.26')"
    " WHERE OURS AND version = 1": r"terms 1: parameters is ",
    "UPDATE journal_terms SET version = 2 WHERE OURS AND version = 1": (
        r"terms 2 is in the database, but does not follow from the log"
    ),
    "UPDATE journal_order SET order_id = 'else' WHERE OURS AND number = 3": (
        r"order 3: order_id is 'else' in the database, not the one that the log commits to"
    ),
    "UPDATE journal_payment SET payment_id = 'else' WHERE OURS AND number = 1": (
        r"payment 1: payment_id is 'else' in the database, not the one"
    ),
    "UPDATE journal_refund SET refund_id = 'else'"
    " WHERE OURS AND sequence = LAST sequence OF refund": (
        r"refund of event \d+: refund_id is 'else' in the database, not the one"
    ),
    "UPDATE journal_identity SET outside_id = 'else' WHERE OURS AND kind = 1 AND number = 8": (
        r"identity of member 8: outside_id is 'else' in the database, not the one"
    ),
    "UPDATE journal_identity SET outside_id = 'else' WHERE OURS AND kind = 2 AND number = 1": (
        r"identity of merchant 1: outside_id is 'else' in the database, not the one"
    ),
    "DELETE FROM journal_identity WHERE OURS AND kind = 1 AND number = 8": (
        r"identity of member 8 is missing in the database"
    ),
    "UPDATE journal_identity SET number = 77 WHERE OURS AND kind = 1 AND number = 8": (
        r"identity of member 8 is missing in the database \(1 more rows of the table differ\)"
    ),
    "UPDATE journal_identity SET referrer = referrer + 1 WHERE OURS AND kind = 1 AND number = 8": (
        r"identity of member 8: referrer is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_identity SET party = party + 1 WHERE OURS AND kind = 1 AND number = 8": (
        r"identity of member 8: party is \d+ in the database, \d+ by the log"
    ),
    "UPDATE journal_identity SET referrer = 1 WHERE OURS AND kind = 2 AND number = 1": (
        r"identity of merchant 1: referrer is 1 in the database, 0 by the log"
    ),
    "UPDATE journal_identity SET party = party + 1 WHERE OURS AND kind = 2 AND number = 1": (
        r"identity of merchant 1: party is \d+ in the database, \d+ by the log"
    ),
    "INSERT INTO journal_identity"
    " (programme_id, kind, number, referrer, party, outside_id, salt)"
    " SELECT programme_id, 3, number, referrer, party, outside_id, salt FROM journal_identity"
    " WHERE OURS AND kind = 1 AND number > 22": (
        r"identity 23 of kind 3 is in the database, but does not follow from the log"
        r" \(1 more rows of the table differ\)"
    ),
    "INSERT INTO journal_event (programme_id, sequence, body)"
    " SELECT programme_id, -7, body FROM journal_event WHERE OURS AND sequence = 1": (
        r"event -7 is in the database, but does not follow from the log"
    ),
    "UPDATE journal_programme SET orders = -8 WHERE id = ID": (
        r"head: orders is -8 in the database, \d+ by the log"
    ),
    "UPDATE journal_programme SET orders = 9223372036854775807 WHERE id = ID": (
        r"head: orders is 9223372036854775807 in the database, \d+ by the log"
    ),
    "UPDATE journal_programme SET sequence = -1 WHERE id = ID": (
        r"head: sequence is -1 in the database, at least 1 by the log"
    ),
    "UPDATE journal_programme SET sequence = 0 WHERE id = ID": (
        r"head: sequence is 0 in the database, at least 1 by the log"
    ),
    "UPDATE journal_programme SET sequence = 9223372036854775807 WHERE id = ID": (
        r"event \d+ of the log is missing"
    ),
    "UPDATE journal_day SET day = -5 WHERE OURS AND day = LAST day OF day": (
        r"day -5 is in the database, but does not follow from the log \(1 more rows"
    ),
    "UPDATE journal_day SET day = 9223372036854775807 WHERE OURS AND day = LAST day OF day": (
        r"day 9223372036854775807 is in the database, but does not follow from the log \(1 more"
    ),
}

WRONG_TYPES: dict[str, str] = {
    "UPDATE journal_programme SET phase = CAST('abc' AS TEXT) WHERE id = ID": (
        r"head: phase is 'abc' in the database, a whole number by the log"
    ),
    "UPDATE journal_programme SET key = CAST('abc' AS TEXT) WHERE id = ID": (
        r"head: key is no bytes in the database, bytes by the log"
    ),
    "UPDATE journal_programme SET frontier = CAST('abc' AS TEXT) WHERE id = ID": (
        r"head: frontier is 'abc' in the database, bytes by the log"
    ),
    "UPDATE journal_identity SET salt = CAST('abc' AS TEXT)"
    " WHERE OURS AND kind = 1 AND number = 8": (
        r"identity 8 of kind 1: salt is 'abc' in the database, bytes by the log"
    ),
    "UPDATE journal_day SET root = CAST('abc' AS TEXT) WHERE OURS AND day = LAST day OF day": (
        r"day number \d+: root is 'abc' in the database, bytes by the log"
    ),
    "UPDATE journal_day SET exits = CAST('abc' AS TEXT) WHERE OURS AND day = LAST day OF day": (
        r"day number \d+: exits is 'abc' in the database, a whole number by the log"
    ),
    "UPDATE journal_terms SET parameters = x'ff' WHERE OURS AND version = 1": (
        r"terms 1: parameters is b'.xff' in the database, a text by the log"
    ),
    "UPDATE journal_refund SET money = x'ff' WHERE OURS AND sequence = LAST sequence OF refund": (
        r"refund of event \d+: money is b'.xff' in the database, a whole number by the log"
    ),
    "UPDATE journal_order SET order_id = x'ff' WHERE OURS AND number = 3": (
        r"order 3: order_id is b'.xff' in the database, a text by the log"
    ),
    "UPDATE journal_payment SET payment_id = x'ff' WHERE OURS AND number = 1": (
        r"payment 1: payment_id is b'.xff' in the database, a text by the log"
    ),
    "UPDATE journal_identity SET outside_id = x'ff' WHERE OURS AND kind = 2 AND number = 1": (
        r"identity 1 of kind 2: outside_id is b'.xff' in the database, a text by the log"
    ),
}
"""Edits that only SQLite takes: values of another type than their column's."""
