"""The check of the pure rooms refuses each planted offence, and lets clean code pass."""

import shutil
from pathlib import Path

import pytest

from tools import pure_rooms

COMPILED = "__compiled__ = True\n"

CLEAN = '''
"""A leaf."""

from shareback.units.exact import mul_div
from shareback.units.scales import PPM

__compiled__ = True

MINUTES = 24


def share(row: list[int], rate_ppm: int, /) -> int:
    """A share."""
    total = mul_div(row[0], rate_ppm, PPM)
    row[1] += total // PPM + total % 7 - (total >> 1)
    empty = [0] * total
    hours = total * MINUTES  # bounded: total < 2**40
    hours *= 2  # bounded: as above
    return max(-total, len(empty), hours)
'''


def offences(text: str, room: str = "rules") -> list[str]:
    return [finding.what for finding in pure_rooms.findings_in(text, room)]


def test_accepts_a_clean_compiled_module() -> None:
    assert offences(CLEAN) == []


@pytest.mark.parametrize(
    "text",
    [
        "SIDE = 2 * 3\nwide = [a * b for a in (1, 2) for b in (3,)]",
        "def f(a, *rest, key=None, **more): return {a: (lambda: rest)}",
        'def f(a):\n    if a < 0:\n        raise ValueError(f"{a} is below 0")\n    return 10**a',
        "quotient, rest = divmod(7 * 9, 4)",
        "from dataclasses import dataclass",
        "from . import random",
        "text = '1.5 / 2 float'",
    ],
)
def test_accepts_in_a_pure_module_what_only_compiled_ones_lack(text: str) -> None:
    assert offences(text) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("half = 0.5", "the float 0.5"),
        ("half = 1j", "the float 1j"),
        ("def f(a: float): ...", "`float`"),
        ("x = builtins.float(1)", "`float`"),
        ("x = Decimal(1)", "`Decimal`"),
        ("x = int.__truediv__(1, 2)", "`__truediv__`"),
        ("x = 4 / 2", "`/`"),
        ("x = 4\nx /= 2", "`/`"),
        ("x = 10 ** -2", "a negative exponent"),
        ("x = 10 ** -PLACES", "a negative exponent"),
        ("x = 10\nx **= -2", "a negative exponent"),
        ("x = pow(10, -2)", "a negative exponent"),
        ("import hashlib", "an import of hashlib"),
        ("from hmac import digest", "an import of hmac"),
        *((f"import {name}", f"an import of {name}") for name in pure_rooms.IMPURE_IMPORTS),
        *(
            (f"from {name}.inner import *", f"an import of {name}")
            for name in pure_rooms.IMPURE_IMPORTS
        ),
        ("x = (", "it is no Python ('(' was never closed)"),
        ("__compiled__ = 1", "an unclear mark"),
        ("__compiled__: bool = True", "an unclear mark"),
        ("if 1:\n    __compiled__ = True", "an unclear mark"),
    ],
)
def test_refuses_in_every_pure_module(text: str, what: str) -> None:
    assert offences(text) == [what]


def test_hashing_is_for_proofs() -> None:
    assert offences("import hashlib, hmac", "proofs") == []
    assert offences("import hashlib, hmac", "books") == [
        "an import of hashlib",
        "an import of hmac",
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("def f(*, a): ...", "f: a keyword-only parameter"),
        ("def f(*a): ...", "f: *args or **kwargs"),
        ("def f(**a): ...", "f: *args or **kwargs"),
        ("def f(a=1): ...", "f: a default value"),
        ("def f():\n    def g(): ...", "g: a nested function"),
        ("class C:\n    def f(self, a=1): ...", "f: a default value"),
        ("f = lambda a: a", "a lambda"),
        ("async def f(): ...", "an async function"),
        ("x = {}", "a dict"),
        ("x = {a: a for a in b}", "a dict"),
        ("x = dict()", "`dict`"),
        ("x = {1}", "a set"),
        ("x = {a for a in b}", "a set"),
        ("x = set()", "`set`"),
        ("x = sum(a for a in b)", "a generator"),
        ("def f(): yield 1", "yield"),
        ("def f(): yield from a", "yield"),
        ("try: ...\nexcept E: ...", "try"),
        ("try: ...\nexcept* E: ...", "try"),
        ("raise E", "raise"),
        ("assert a", "assert"),
        ("with a: ...", "with"),
        ("x = f'{a}'", "an f-string"),
        ("@dataclass\nclass C: ...", "a dataclass"),
        ("from dataclasses import field", "a dataclass"),
        ("import dataclasses", "a dataclass"),
        ("x = a._replace(b=1)", "`_replace`"),
        ("x = a * b", "a product"),
        ("x = a.b * c[0]", "a product"),
        ("x *= b", "a product"),
        ("x = a * b  # bounded: never mind", "a product"),
        ("x = a * 2", "a product with a constant"),
        ("x = PPM * a", "a product with a constant"),
        ("x = a * -PPM", "a product with a constant"),
        ("x *= 2", "a product with a constant"),
        ("x = a * 2  # bounded:", "a product with a constant"),
        ("x = a * 2  # small", "a product with a constant"),
        ("x = a * '# bounded: in a text'", "a product"),
        ("x = a * 2 // b  # bounded: a < 9", "a ratio of a product"),
        ("x = a // (b * 2)  # bounded: b < 9", "a ratio of a product"),
        ("x = -(a * 2) % b  # bounded: a < 9", "a ratio of a product"),
        ("x = divmod(a * 2, b)  # bounded: a < 9", "a ratio of a product"),
        ("x = a ** 2", "a power"),
        ("x = 1 << a", "a power"),
        ("x <<= 1", "a power"),
    ],
)
def test_refuses_in_a_compiled_module_only(text: str, what: str) -> None:
    assert offences(COMPILED + text) == [what]
    assert offences(text) == []


def test_the_module_that_defines_products_may_multiply_but_no_more() -> None:
    def found(text: str) -> list[str]:
        findings = pure_rooms.findings_in(COMPILED + text, "units", may_multiply=True)
        return [finding.what for finding in findings]

    assert found("def f(a, b, c): return a * b // c") == []
    assert found("def f(a, b=1): return a * b // 2.0") == ["f: a default value", "the float 2.0"]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the pure rooms as they stand."""
    for room in pure_rooms.ROOMS:
        path = Path("src", "shareback", room)
        shutil.copytree(pure_rooms.ROOT / path, tmp_path / path)
    return tmp_path


def test_names_place_and_remedy_on_one_line(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = house / "src" / "shareback" / "books" / "planted.py"
    planted.write_text('"""Planted."""\n\nHALF = 1 / 2\n', encoding="utf-8")

    assert pure_rooms.main(house) == 1
    assert (
        "src/shareback/books/planted.py:3: `/`; say which way it rounds: mul_div or mul_div_up\n"
        in capsys.readouterr().out
    )


def test_only_exact_may_multiply(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    units = house / "src" / "shareback" / "units"
    shutil.copy(units / "exact.py", units / "copied.py")

    assert pure_rooms.main(house) == 1
    printed = capsys.readouterr().out
    assert "units/copied.py" in printed
    assert "units/exact.py" not in printed


def test_fails_when_a_room_has_nothing_to_check(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(house / "src" / "shareback" / "proofs")

    assert pure_rooms.main(house) == 1
    assert "no module of this room" in capsys.readouterr().out
