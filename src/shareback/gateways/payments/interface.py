"""What the mall asks of any gateway for payments in cash.

A payment and a refund bear the mall's own ids, so that whoever gets no answer asks again under
the same id and nothing is paid twice (A41). Amounts are µ¥, and whole fen: no gateway takes less.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from shareback.units.scales import UYUAN_PER_YUAN

FEN = UYUAN_PER_YUAN // 100
"""The least that is paid in cash, in µ¥."""


class Asked(NamedTuple):
    """A payment that is to be opened at a gateway.

    Attributes:
        payment_id: The mall's own id of it, of at most 64 characters.
        amount_uyuan: In µ¥, whole fen, above 0.
        currency: Such as "CNY".
        subject: What the payer reads.
        back_url: Where the payer goes afterwards.
    """

    payment_id: str
    amount_uyuan: int
    currency: str
    subject: str
    back_url: str


class Opened(NamedTuple):
    """A payment that is open at a gateway: its own number there, and where it is paid."""

    reference: str
    url: str


class Notice(NamedTuple):
    """A gateway says that a payment was made; it has been shown to come from it."""

    payment_id: str
    reference: str
    amount_uyuan: int
    currency: str


class Found(NamedTuple):
    """How a payment stands at a gateway."""

    state: Literal["unknown", "open", "paid", "closed"]
    reference: str
    amount_uyuan: int
    currency: str


class NoticeForged(Exception):
    """A notice does not come from the gateway, is too old, or cannot be read (A57)."""


class GatewayUnreachable(Exception):
    """The gateway did not answer, or could not do it now: ask again under the same id."""


class Gateway(Protocol):
    """A gateway for payments in cash; any call may raise `GatewayUnreachable`."""

    @property
    def name(self) -> str:
        """By which it is known in addresses and rows."""

    def create(self, asked: Asked) -> Opened:
        """Open a payment; one of the same id is the same payment."""

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Read a notice, verified on its raw body.

        Raises:
            NoticeForged: It is none of the gateway's.
        """

    def query(self, payment_id: str) -> Found:
        """Look how a payment stands."""

    def close(self, payment_id: str) -> Found:
        """Close a payment, so that it cannot be paid any more; returns how it stands then."""

    def refund(self, payment_id: str, refund_id: str, amount_uyuan: int) -> None:
        """Give back money of a payment; once for each refund id."""
