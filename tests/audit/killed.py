"""A witness whose process dies when a cosignature is durable, and has not gone out."""

import os
import signal
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shareback.audit.witness import site as usual

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


class Killed(usual.Site):
    """Dies instead of answering."""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Do all of it, and die before a byte is sent."""
        answer = super().__call__(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def site() -> Killed:
    """The site of the witness whose files the environment names."""
    return Killed(usual.site().witness)
