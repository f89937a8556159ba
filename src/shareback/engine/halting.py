"""What is refused while a programme's bank does not hold what the books say (R3.1, R10)."""

from shareback.engine import commands as cmd
from shareback.journal.models.programme import Halt
from shareback.rules.codes import Code

HALTED_COMMANDS = (
    cmd.RedeemPoints,
    cmd.RedeemMerchantPoints,
    cmd.SpendPoints,
    cmd.WithdrawCash,
    cmd.SettleMerchant,
    cmd.WithdrawTreasury,
)
"""What takes money out of the reserve or the bank by somebody's wish.

Orders and their refunds go on, and so do exits and the close: they are the programme's own
sequence, which no outside state may change, or a replay of the log would come to something else.
"""

REFUSALS = {Halt.BANK_SHORT: Code.BANK_SHORT, Halt.BANK_UNEXPLAINED: Code.BANK_UNEXPLAINED}


def refusal_while(halted: int) -> Code:
    """With which code such a command is refused; ``ACCEPTED`` where nothing is halted."""
    return REFUSALS.get(Halt(halted), Code.ACCEPTED)
