"""Whose turn it is: in order, never twice at once, and nobody takes all the threads."""

import threading

from shareback.gateways.rota import Rota, Turn


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def rota(*turns: Turn, of_one: int = 2, of_slow: int = 1) -> tuple[Rota, Seconds]:
    clock = Seconds()
    one = Rota(of_one, of_slow, clock)
    one.enlist(turns)
    return one, clock


def of(client: int, number: int) -> Turn:
    return Turn(1, client, number)


A, B, C, D = of(1, 1), of(2, 2), of(3, 3), of(4, 4)


def test_each_has_a_turn_in_order_and_none_has_two_at_once() -> None:
    one, _clock = rota(B, A, C)
    assert [one.next() for _ in range(4)] == [A, B, C, None]


def test_whoever_had_a_turn_waits_behind_the_others() -> None:
    one, clock = rota(A, B)
    assert one.next() == A
    clock.now += 1
    one.give_back(A, 0.0, slow=False)
    assert [one.next() for _ in range(3)] == [B, A, None]


def test_nobody_is_served_before_the_rest_is_over() -> None:
    one, clock = rota(A)
    assert one.next() == A
    one.give_back(A, 5.0, slow=False)
    assert one.next() is None
    assert one.seconds_to_wait() == 5.0
    clock.now += 5
    assert one.next() == A


def test_a_client_with_many_endpoints_leaves_threads_to_others() -> None:
    mine = [of(1, number) for number in range(1, 6)]
    one, _clock = rota(*mine, of(2, 9), of_one=2)
    assert [one.next() for _ in range(4)] == [mine[0], mine[1], of(2, 9), None]
    one.give_back(mine[0], 0.0, slow=False)
    assert [one.next() for _ in range(2)] == [mine[2], None]


def test_clients_of_two_programmes_are_two() -> None:
    one, _clock = rota(Turn(1, 1, 1), Turn(2, 1, 1), of_one=1)
    assert [one.next() for _ in range(2)] == [Turn(1, 1, 1), Turn(2, 1, 1)]


def test_those_that_are_slow_share_a_part_of_the_threads() -> None:
    one, clock = rota(A, B, C, D, of_slow=1)
    for turn in (A, B, C):
        assert one.next() == turn
    for turn in (A, B, C):
        one.give_back(turn, 0.0, slow=True)
    clock.now += 1
    assert [one.next() for _ in range(3)] == [D, A, None]
    assert one.seconds_to_wait() is None
    one.give_back(A, 0.0, slow=False)
    assert [one.next() for _ in range(3)] == [B, A, None]


def test_whoever_is_new_is_due_at_once_and_whoever_is_gone_is_out() -> None:
    one, _clock = rota(A, B)
    assert one.next() == A
    one.enlist([A, C])
    assert [one.next() for _ in range(2)] == [C, None]
    one.enlist([C])
    one.give_back(A, 0.0, slow=False)
    assert one.next() is None
    one.enlist([A, B, C])
    assert [one.next() for _ in range(3)] == [A, B, None]


def test_it_is_done_when_nobody_is_to_be_served_again() -> None:
    one, _clock = rota(A)
    assert one.next() == A
    assert not one.wait_until_done(0)
    one.give_back(A, None, slow=False)
    assert one.wait_until_done(0)


def test_whoever_waits_for_a_turn_is_told_that_it_is_over() -> None:
    one, _clock = rota()
    told: list[Turn | None] = []
    waiting = threading.Thread(target=lambda: told.append(one.take()))
    waiting.start()
    one.end()
    waiting.join(10)
    assert told == [None]


def test_whoever_waits_for_a_turn_gets_one_that_comes_meanwhile() -> None:
    one, _clock = rota()
    told: list[Turn | None] = []
    waiting = threading.Thread(target=lambda: told.append(one.take()))
    waiting.start()
    one.enlist([A])
    waiting.join(10)
    assert told == [A]
