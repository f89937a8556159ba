"""How the accounts stand that have changed since the last close."""

import numpy as np

from shareback.kernels.arrays import Arrays, Integers, zeros
from shareback.kernels.sums import ACCOUNT_COLUMNS
from shareback.proofs.sum_tree import AccountKind
from shareback.rules.layout import Cursor, Member, Merchant

CHANGED = 1
"""The mark of an account that has changed since the last close."""

MEMBER_COLUMNS = [
    Member.NUMBER,
    Member.POINTS,
    Member.WEIGHT,
    Member.QUOTA,
    Member.USED,
    Member.COINS,
    Member.CASH,
    Member.RECEIVABLE,
    Member.INDEX,
]


def marked(arrays: Arrays, counter: Cursor) -> Integers:
    """Slots of the members or merchants that have changed since the last close."""
    is_member = counter == Cursor.MEMBERS
    table = arrays.members if is_member else arrays.merchants
    column = Member.CHANGED if is_member else Merchant.CHANGED
    return np.flatnonzero(table[: arrays.cursor[counter], column] == CHANGED)


def accounts(arrays: Arrays, people: Integers, shops: Integers) -> Integers:
    """Accounts in slots, as the tree of accounts takes them: int64[n, ACCOUNT_COLUMNS]."""
    table = zeros(len(people) + len(shops), ACCOUNT_COLUMNS)
    table[: len(people), 0] = AccountKind.MEMBER
    table[: len(people), 1:] = arrays.members[people][:, MEMBER_COLUMNS]
    rest = table[len(people) :]
    rest[:, 0] = AccountKind.MERCHANT
    rest[:, 1] = arrays.merchants[shops, Merchant.NUMBER]
    rest[:, 2] = arrays.merchants[shops, Merchant.POINTS]
    rest[:, 6] = arrays.merchants[shops, Merchant.COINS]
    rest[:, 7] = arrays.merchants[shops, Merchant.PAYABLE]
    return table[table[:, 1] > 0]


def standing(arrays: Arrays) -> Integers:
    """How everybody stands who is marked, whose mark is taken away: int64[n, ACCOUNT_COLUMNS]."""
    people, shops = marked(arrays, Cursor.MEMBERS), marked(arrays, Cursor.MERCHANTS)
    arrays.members[people, Member.CHANGED] = 0
    arrays.merchants[shops, Merchant.CHANGED] = 0
    return accounts(arrays, people, shops)


def all_accounts(members: int, merchants: int) -> Integers:
    """Kind and number of every account."""
    kinds = np.repeat([AccountKind.MEMBER, AccountKind.MERCHANT], [members, merchants])
    each = np.concatenate([np.arange(members), np.arange(merchants)]) + 1
    return np.column_stack([kinds, each]).astype(np.int64)
