"""Compile what is compiled, so that the first command of a fresh installation does not wait.

Run as ``python -m shareback.kernels.warm``; a second run finds the machine code in its cache.
"""

import numpy as np

from shareback.kernels.arrays import blank_arrays, zeros
from shareback.kernels.balances import first_unbalanced
from shareback.kernels.compiled import admit_members, apply_batch, renew_members
from shareback.kernels.decoding import decode_batch
from shareback.kernels.hashing import INTS_MAX, Events, append_batch, commitments, encode_batch
from shareback.kernels.sums import ACCOUNT_COLUMNS, account_nodes, join
from shareback.proofs.merkle import EMPTY
from shareback.rules.decide import open_head
from shareback.rules.layout import ACCOUNTS, COMMAND_WIDTH, MEMBER_WIDTH, RESULT_WIDTH
from shareback.rules.programme import TEST_ISSUER, Programme


def warm() -> None:
    """Run every compiled function once, on nothing."""
    programme = Programme(issuer=TEST_ISSUER)
    terms = programme.terms_row()
    state = blank_arrays(open_head(terms, 1), [terms], programme.tier_rows(), 16)
    apply_batch(state, zeros(0, COMMAND_WIDTH), zeros(0, RESULT_WIDTH), zeros(0, ACCOUNTS), 0)
    first_unbalanced(zeros(0, ACCOUNTS), zeros(0, ACCOUNTS))
    admit_members(state, 1, 1)
    renew_members(state, zeros(0), zeros(0, MEMBER_WIDTH))
    events = Events(
        kinds=np.zeros(0, np.uint8),
        days=zeros(0),
        ats=zeros(0),
        counts=np.zeros(0, np.uint8),
        ints=zeros(0, INTS_MAX),
        commitments=np.zeros((0, 16), np.uint8),
        committed=np.zeros(0, np.bool_),
    )
    bodies = encode_batch(events, 0)
    decode_batch(bodies, 0)
    append_batch(EMPTY, bytes(32), bodies)
    commitments(np.zeros((0, 16), np.uint8), np.zeros(0, np.uint8), zeros(1))
    join(account_nodes(bytes(32), zeros(0, ACCOUNT_COLUMNS)))


if __name__ == "__main__":
    warm()
