"""A state in NumPy arrays, and room for more rows in it."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shareback.rules.layout import (
    CURSOR_WIDTH,
    EFFECT_WIDTH,
    HEAD_WIDTH,
    MEMBER_WIDTH,
    MERCHANT_WIDTH,
    ORDER_WIDTH,
    PAYMENT_WIDTH,
    Cursor,
    Member,
    Row,
    Table,
)
from shareback.units.scales import INT64_MAX

Integers: TypeAlias = NDArray[np.int64]

COUNTED = {
    "members": Cursor.MEMBERS,
    "merchants": Cursor.MERCHANTS,
    "orders": Cursor.ORDERS,
    "payments": Cursor.PAYMENTS,
}
"""Tables that grow, and the cursor's count of their rows in use."""


class Arrays(NamedTuple):
    """`layout.State` in arrays of int64, under the same names; see there."""

    head: Integers
    terms: Integers
    tiers: Integers
    members: Integers
    merchants: Integers
    orders: Integers
    payments: Integers
    queue: Integers
    queue_sizes: Integers
    horizons: Integers
    due: Integers
    listed: Integers
    effects: Integers
    cursor: Integers
    saved: Integers


def zeros(*shape: int) -> Integers:
    """An array of 64-bit zeros."""
    return np.zeros(shape, np.int64)


def blank_arrays(head: Row, terms: Table, tiers: Table, effects: int) -> Arrays:
    """A state without accounts.

    Args:
        head: The programme's row.
        terms: A row for each version of the parameters.
        tiers: Rows of threshold and multiplier.
        effects: How many effects fit before they must be taken away.
    """
    state = Arrays(
        head=np.array(head, np.int64),
        terms=np.array(terms, np.int64),
        tiers=np.array(tiers, np.int64),
        members=zeros(64, MEMBER_WIDTH),
        merchants=zeros(64, MERCHANT_WIDTH),
        orders=zeros(64, ORDER_WIDTH),
        payments=zeros(64, PAYMENT_WIDTH),
        queue=zeros(len(tiers), 64),
        queue_sizes=zeros(len(tiers)),
        horizons=np.full(len(tiers), INT64_MAX, np.int64),
        due=zeros(64),
        listed=zeros(64),
        effects=zeros(effects, EFFECT_WIDTH),
        cursor=zeros(CURSOR_WIDTH),
        saved=zeros(3, max(HEAD_WIDTH, MEMBER_WIDTH)),
    )
    state.members[:, Member.PLACE] = -1
    for count in COUNTED.values():
        state.cursor[count] = 1
    return state


def longer(old: Integers, rows: int, axis: int = 0) -> Integers:
    """An array with at least so many rows, doubled so that growing stays cheap."""
    have = old.shape[axis]
    if have >= rows:
        return old
    shape = list(old.shape)
    shape[axis] = max(rows, 2 * have)
    new = np.zeros(shape, np.int64)
    new[tuple(slice(0, length) for length in old.shape)] = old
    return new


def with_room(
    state: Arrays, members: int = 0, merchants: int = 0, orders: int = 0, payments: int = 0
) -> Arrays:
    """The same state with room for so many more rows; arrays that grow are new ones."""
    need = {"members": members, "merchants": merchants, "orders": orders, "payments": payments}
    grown = {
        name: longer(getattr(state, name), int(state.cursor[COUNTED[name]]) + more)
        for name, more in need.items()
    }
    if grown["members"] is not state.members:
        rows = len(grown["members"])
        grown["members"][len(state.members) :, Member.PLACE] = -1
        grown["queue"] = longer(state.queue, rows, axis=1)
        grown["listed"] = longer(state.listed, rows)
    grown["due"] = longer(state.due, len(grown["orders"]))
    return state._replace(**grown)


def with_effects(state: Arrays, rows: int) -> Arrays:
    """The same state with room for so many effects."""
    return state._replace(effects=longer(state.effects, rows))
