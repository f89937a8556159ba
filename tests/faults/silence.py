"""A proxy in front of a database that falls silent, as a machine does that was cut off."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65_536


class Line:
    """Both ends of one connection."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        """Join two sockets."""
        self.near, self.far = near, far
        self.mute = False

    def other(self, end: socket.socket) -> socket.socket:
        """The end to which goes what came in at one."""
        return self.far if end is self.near else self.near


class SilentProxy:
    """Passes bytes on until it is silenced; then takes them, and says nothing.

    A connection that was open or was made in silence stays mute for ever: when the proxy lives
    again, only new ones reach the server.
    """

    def __init__(self, host: str, port: int) -> None:
        """Listen before a server."""
        self.behind = (host, port)
        self.silent = False
        self.lines: list[Line] = []
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.wake, self.woken = socket.socketpair()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.run)

    def fall_silent(self) -> None:
        """From now on nothing comes through."""
        self.silent = True
        for line in self.lines:
            line.mute = True

    def live_again(self) -> None:
        """New connections come through."""
        self.silent = False

    def run(self) -> None:
        """Pass on what comes until it is stopped."""
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.woken:
                    return
                if key.fileobj is self.listener:
                    self.accept()
                elif key.data in self.lines:
                    # Else its other end has just closed it.
                    self.pass_on(key.data, key.fileobj)  # type: ignore[arg-type]

    def accept(self) -> None:
        """Join a new connection to the server."""
        near = self.listener.accept()[0]
        line = Line(near, socket.create_connection(self.behind))
        line.mute = self.silent
        self.lines.append(line)
        for end in (line.near, line.far):
            self.selector.register(end, selectors.EVENT_READ, line)

    def pass_on(self, line: Line, end: socket.socket) -> None:
        """Hand on what came in at an end; where it was closed, close both."""
        received = b""
        with suppress(ConnectionError):
            received = end.recv(CHUNK)
            if received and not line.mute:
                line.other(end).sendall(received)
        if not received:
            self.close(line)

    def close(self, line: Line) -> None:
        """Let go of a connection."""
        self.lines.remove(line)
        for end in (line.near, line.far):
            self.selector.unregister(end)
            end.close()

    def stop(self) -> None:
        """End the thread, and let go of everything."""
        self.wake.send(b"x")
        self.thread.join()
        for line in list(self.lines):
            self.close(line)
        self.selector.close()
        for end in (self.listener, self.wake, self.woken):
            end.close()


@contextmanager
def silenced(host: str, port: int) -> Iterator[SilentProxy]:
    """A proxy before a server, for the length of a ``with`` block."""
    proxy = SilentProxy(host, port)
    proxy.thread.start()
    try:
        yield proxy
    finally:
        proxy.stop()
