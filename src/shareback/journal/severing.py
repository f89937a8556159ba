"""Cut a connection off under a thread that waits for a server which will never answer."""

import os
import socket
from contextlib import suppress

from django.db.backends.base.base import BaseDatabaseWrapper


def sever(connection: BaseDatabaseWrapper) -> None:
    """Let whatever waits for a server on this connection fail at once.

    PostgreSQL's client waits for an answer without a limit of its own. The socket is shut down
    under it, which another thread may do; the connection itself stays its owner's to close. SQLite
    waits for nobody longer than its own time limit, and is left alone.
    """
    raw = connection.connection
    if connection.vendor != "postgresql" or raw is None:
        return
    # It may have been closed just now; then there is nothing to cut off.
    with suppress(Exception), socket.socket(fileno=os.dup(raw.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)
