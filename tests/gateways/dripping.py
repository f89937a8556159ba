"""Servers that waste whoever's time asks them: each lets its callers wait, and never ends."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Waster:
    """Takes connections, and does something to each of them in a thread of its own."""

    def __init__(self, server: socket.socket) -> None:
        """Nobody has come yet."""
        self.port = int(server.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"
        self.over = threading.Event()
        self.came = threading.Semaphore(0)
        self.open = 0


@contextmanager
def wasting(waste: Callable[[socket.socket, Waster], None]) -> Iterator[Waster]:
    """A server on this machine, for the length of a ``with`` block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        waster = Waster(server)
        threads: list[threading.Thread] = []

        def attend(taken: socket.socket) -> None:
            with taken:
                waster.open += 1
                waster.came.release()
                try:
                    waste(taken, waster)
                except OSError:
                    return
                finally:
                    waster.open -= 1

        def accept() -> None:
            while True:
                taken, _address = server.accept()
                if waster.over.is_set():
                    taken.close()
                    return
                threads.append(threading.Thread(target=attend, args=(taken,), daemon=True))
                threads[-1].start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield waster
        finally:
            waster.over.set()
            socket.create_connection(("127.0.0.1", waster.port)).close()
            for thread in (accepting, *threads):
                thread.join()


def dripping(seconds: float) -> Callable[[socket.socket, Waster], None]:
    """A byte of an answer's head now and then."""

    def drip(taken: socket.socket, waster: Waster) -> None:
        taken.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not waster.over.wait(seconds):
            taken.sendall(b"x")

    return drip


def mute(taken: socket.socket, waster: Waster) -> None:
    """Not a byte, not even of TLS."""
    taken.settimeout(0.02)
    while not waster.over.is_set():
        try:
            if taken.recv(4_096) == b"":
                return
        except TimeoutError:
            continue


def endless_head(taken: socket.socket, waster: Waster) -> None:
    """Headers, as fast as they go."""
    taken.sendall(b"HTTP/1.1 200 OK\r\n")
    while not waster.over.is_set():
        taken.sendall(b"X: " + b"x" * 1_000 + b"\r\n")


def endless_hints(taken: socket.socket, waster: Waster) -> None:
    """Answers that only say that there will be one."""
    while not waster.over.is_set():
        taken.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)


def endless_crumbs(taken: socket.socket, waster: Waster) -> None:
    """A body a byte at a time, as fast as it goes."""
    taken.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not waster.over.is_set():
        taken.sendall(b"1\r\nx\r\n" * 500)
