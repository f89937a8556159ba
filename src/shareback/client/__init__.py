"""The Python client of the HTTP API, sync and async; it imports nothing else of ours.

`Mall` and `AsyncMall` have the same methods. What a call sends and how its answer is read stands
once, in ``calls``; tokens, keys and retries stand once, in ``session``.
"""

from shareback.client.answers import Refunded, RefundWaiting
from shareback.client.lines import JoinLine, Line, PayLine, ReceiveLine, RefundLine
from shareback.client.malls import AsyncMall, Mall
from shareback.client.problems import Flaw, ProblemError, Unreachable

__all__ = [
    "AsyncMall",
    "Flaw",
    "JoinLine",
    "Line",
    "Mall",
    "PayLine",
    "ProblemError",
    "ReceiveLine",
    "RefundLine",
    "RefundWaiting",
    "Refunded",
    "Unreachable",
]
