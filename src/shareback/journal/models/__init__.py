"""The tables of a programme: its head, its accounts, its events.

Every primary key and index begins with the programme, which is the partition key of everything.
Rows of members, orders and so on hold the columns of ``shareback.rules.layout`` under the same
names; what a column means is said there. Constraints repeat the invariants of the rules.
"""

from shareback.journal.models.accounts import Identity, Member, Merchant
from shareback.journal.models.log import Answer, Event, Import, Movement
from shareback.journal.models.orders import Maturity, Order, Payment, Refund
from shareback.journal.models.programme import Day, OfProgramme, Programme, Terms
from shareback.journal.models.proofs import (
    AccountBlock,
    BalanceCheck,
    Checkpoint,
    ClosedAccounts,
    Cosignature,
    LogKey,
    LogTile,
    Touched,
    Witness,
)
from shareback.journal.models.statements import StatementDividends, StatementMark, StatementPage

__all__ = [
    "AccountBlock",
    "Answer",
    "BalanceCheck",
    "Checkpoint",
    "ClosedAccounts",
    "Cosignature",
    "Day",
    "Event",
    "Identity",
    "Import",
    "LogKey",
    "LogTile",
    "Maturity",
    "Member",
    "Merchant",
    "Movement",
    "OfProgramme",
    "Order",
    "Payment",
    "Programme",
    "Refund",
    "StatementDividends",
    "StatementMark",
    "StatementPage",
    "Terms",
    "Touched",
    "Witness",
]
