"""Refuse, in the rooms that compute money, what is not exact or does not compile.

Pure rooms hold integers only. A module with the line ``__compiled__ = True`` runs in CPython and
compiled, so it also keeps to what compiles to the same bits: there a product of 64-bit integers
wraps without a word, hence `mul_div`, `mul_div_up` and `mul_ge`.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("units", "rules", "books", "proofs")
MULTIPLIERS = "units/exact.py"
"""The one compiled module that may multiply as it likes: it defines how all others do."""

INEXACT_NAMES = {"float", "complex", "Decimal", "Fraction", "truediv", "__truediv__"}
IMPURE_IMPORTS = {
    **dict.fromkeys(("django", "numpy", "numba"), "it belongs above the kernels"),
    **dict.fromkeys(
        ("decimal", "math", "cmath", "statistics", "fractions", "operator"), "count whole units"
    ),
    **dict.fromkeys(
        ("datetime", "time", "calendar", "zoneinfo"), "events carry the local day's number"
    ),
    **dict.fromkeys(("random", "secrets", "uuid"), "take what was drawn as an argument"),
    **dict.fromkeys(("os", "sys", "io", "pathlib", "importlib"), "take its result as an argument"),
}
HASHING = {"hashlib", "hmac"}

UNCOMPILED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lambda: ("a lambda", "write a function of the module"),
    ast.AsyncFunctionDef: ("an async function", "rules do not wait"),
    ast.Await: ("await", "rules do not wait"),
    ast.Dict: ("a dict", "use a row with named columns"),
    ast.DictComp: ("a dict", "use a row with named columns"),
    ast.Set: ("a set", "use a row or comparisons"),
    ast.SetComp: ("a set", "use a row or comparisons"),
    ast.GeneratorExp: ("a generator", "write the loop"),
    ast.Yield: ("yield", "fill a row that the caller gives"),
    ast.YieldFrom: ("yield", "fill a row that the caller gives"),
    ast.Try: ("try", "a leaf returns a code"),
    ast.TryStar: ("try", "a leaf returns a code"),
    ast.Raise: ("raise", "a leaf returns a code"),
    ast.Assert: ("assert", "a leaf returns a code; -O drops asserts"),
    ast.With: ("with", "leaves hold nothing open"),
    ast.AsyncWith: ("with", "leaves hold nothing open"),
    ast.JoinedStr: ("an f-string", "words for people live at the edges"),
}


class Finding(NamedTuple):
    """One offence: where, what, and how to mend it."""

    line: int
    what: str
    mend: str


def constant(node: ast.AST) -> bool:
    """Whether an expression is an integer literal or an ALL_CAPS name, with or without a sign."""
    if isinstance(node, ast.UnaryOp):
        return constant(node.operand)
    if isinstance(node, ast.Name):
        return node.id.isupper()
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def product(node: ast.AST) -> bool:
    """Whether an expression is a product, with or without a sign."""
    if isinstance(node, ast.UnaryOp):
        return product(node.operand)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)


def negative(node: ast.AST) -> bool:
    """Whether an expression is a negative constant, such as ``-1`` or ``-PLACES``."""
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and constant(node)


def imported(node: ast.AST) -> Iterator[str]:
    """The first names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        yield (node.module or "").partition(".")[0]


def named(node: ast.AST) -> str:
    """The name that an expression or an import takes from elsewhere, or nothing."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
        case _:
            return ""


class Operation(NamedTuple):
    """``left operator right``, be it in an expression or in an assignment such as ``a *= b``."""

    left: ast.expr
    operator: ast.operator
    right: ast.expr


def operation(node: ast.AST) -> Operation | None:
    """The arithmetic that a node does, if it does any."""
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            return Operation(left, operator, right)
        case ast.AugAssign(target=left, op=operator, value=right):
            return Operation(left, operator, right)
        case ast.Call(func=ast.Name(id="pow"), args=[left, right]):
            return Operation(left, ast.Pow(), right)
        case ast.Call(func=ast.Name(id="divmod"), args=[left, right]):
            return Operation(left, ast.FloorDiv(), right)
        case _:
            return None


def impurities(node: ast.AST, room: str) -> Iterator[Finding]:
    """What a node does that no module of a pure room may do."""
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
        yield Finding(line, f"the float {node.value}", "count whole units of a finer scale")
    if (name := named(node)) in INEXACT_NAMES:
        yield Finding(line, f"`{name}`", "count whole units with int")
    for module in imported(node):
        if module in IMPURE_IMPORTS:
            yield Finding(line, f"an import of {module}", IMPURE_IMPORTS[module])
        if module in HASHING and room != "proofs":
            yield Finding(line, f"an import of {module}", "hashing belongs to proofs")
    match operation(node):
        case Operation(operator=ast.Div()):
            yield Finding(line, "`/`", "say which way it rounds: mul_div or mul_div_up")
        case Operation(operator=ast.Pow(), right=exponent) if negative(exponent):
            yield Finding(line, "a negative exponent", "it gives a float; divide with mul_div")
        case _:
            pass


def products(node: ast.AST, bounded: set[int]) -> Iterator[Finding]:
    """What may pass 64 bits in a compiled module, unless its line says why it cannot."""
    done = operation(node)
    if done is None:
        return
    line = getattr(node, "lineno", 0)
    sides = (done.left, done.right)
    match done.operator:
        case ast.Mult() if not any(isinstance(side, ast.List) for side in sides):
            if not any(constant(side) for side in sides):
                yield Finding(line, "a product", "multiply with mul_div, mul_div_up or mul_ge")
            elif getattr(node, "end_lineno", 0) not in bounded:
                mend = "use mul_div, or end the line with `# bounded: <reason>`"
                yield Finding(line, "a product with a constant", mend)
        case ast.FloorDiv() | ast.Mod() if any(product(side) for side in sides):
            yield Finding(line, "a ratio of a product", "use mul_div or mul_div_up")
        case ast.Pow() | ast.LShift() if getattr(node, "end_lineno", 0) not in bounded:
            mend = "name the constant, or end the line with `# bounded: <reason>`"
            yield Finding(line, "a power", mend)


def signature(node: ast.FunctionDef) -> Iterator[Finding]:
    """What the parameters of a compiled function may not be."""
    given = node.args
    if given.kwonlyargs:
        yield Finding(node.lineno, f"{node.name}: a keyword-only parameter", "drop the `*`")
    if given.vararg or given.kwarg:
        yield Finding(node.lineno, f"{node.name}: *args or **kwargs", "name each parameter")
    if given.defaults or any(given.kw_defaults):
        yield Finding(node.lineno, f"{node.name}: a default value", "let each caller say it")
    for inner in ast.walk(node):
        if inner is not node and isinstance(inner, ast.FunctionDef):
            yield Finding(inner.lineno, f"{inner.name}: a nested function", "move it out")


def uncompiled(node: ast.AST, bounded: set[int] | None) -> Iterator[Finding]:
    """What a node does that no compiled module may do; ``None`` lets it multiply."""
    line = getattr(node, "lineno", 0)
    for kind, (what, mend) in UNCOMPILED.items():
        if type(node) is kind:
            yield Finding(line, what, mend)
    if isinstance(node, ast.FunctionDef):
        yield from signature(node)
    name = named(node)
    if name == "dataclass" or "dataclasses" in imported(node):
        yield Finding(line, "a dataclass", "use a NamedTuple")
    if name == "_replace":
        yield Finding(line, "`_replace`", "construct the tuple anew")
    if name in {"dict", "set", "frozenset"}:
        yield Finding(line, f"`{name}`", "use a row with named columns")
    if bounded is not None:
        yield from products(node, bounded)


def bounded_lines(text: str) -> set[int]:
    """The lines that end with ``# bounded: <reason>``."""
    words = tokenize.generate_tokens(io.StringIO(text).readline)
    return {
        word.start[0]
        for word in words
        if word.type == tokenize.COMMENT and re.fullmatch(r"# bounded: \S.*", word.string)
    }


def marks(tree: ast.Module) -> list[ast.Assign | ast.AnnAssign]:
    """The assignments of ``__compiled__`` in a module, wherever they stand."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and "__compiled__" in {named(child) for child in ast.iter_child_nodes(node)}
    ]


def is_compiled(tree: ast.Module) -> bool:
    """Whether a module has the line ``__compiled__ = True`` outside any block."""
    return any(ast.unparse(node) == "__compiled__ = True" for node in tree.body)


def findings_in(text: str, room: str, *, may_multiply: bool = False) -> list[Finding]:
    """Every offence in a module's source, by line.

    Args:
        text: The source.
        room: The pure room it lives in.
        may_multiply: Whether it is the module that defines how others multiply.

    Returns:
        The findings; one that says so where the source cannot be parsed.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as fault:
        return [Finding(fault.lineno or 0, f"it is no Python ({fault.msg})", "mend the syntax")]
    compiled = is_compiled(tree)
    bounded = None if may_multiply else bounded_lines(text)
    found: set[Finding] = set()
    for node in ast.walk(tree):
        found.update(impurities(node, room))
        if compiled:
            found.update(uncompiled(node, bounded))
    if not compiled:
        mend = "write the line `__compiled__ = True` at the module's left edge"
        found.update(Finding(node.lineno, "an unclear mark", mend) for node in marks(tree))
    return sorted(found)


def main(root: Path = ROOT) -> int:
    """Print each finding under ``root`` as `path:line: what; how to mend`.

    Returns:
        The exit code: 1 where there are findings, or a room has nothing to check.
    """
    offences = files = compiled = 0
    for room in ROOMS:
        folder = root / "src" / "shareback" / room
        paths = sorted(folder.rglob("*.py"))
        if not paths:
            print(f"{folder}:0: no module of this room is there; name the rooms in this script")
            offences += 1
        for path in paths:
            text = path.read_text(encoding="utf-8")
            exact = path == folder.parent / MULTIPLIERS
            for line, what, mend in findings_in(text, room, may_multiply=exact):
                print(f"{path.relative_to(root)}:{line}: {what}; {mend}")
                offences += 1
            files += 1
            compiled += "\n__compiled__ = True\n" in text
    print(
        f"{files} modules of {', '.join(ROOMS)}, {compiled} of them compiled: {offences} findings"
    )
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
