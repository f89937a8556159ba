"""The rules, compiled: the very functions of ``shareback.rules``, for a whole batch at once.

Every function of a module marked ``__compiled__`` is made known to numba under its own name, so
`apply_batch` compiles with all that it calls.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import numba as nb
from numba.extending import register_jitable

import shareback.rules
from shareback.kernels import wide
from shareback.rules import apply, loading

IMPLEMENTATIONS = wide
"""Named here because importing it is what gives `mul_div` and its kin to the compiler."""


def compiled_modules() -> list[ModuleType]:
    """The modules of the rules that are compiled."""
    names = [module.name for module in pkgutil.iter_modules(shareback.rules.__path__)]
    modules = [importlib.import_module(f"shareback.rules.{name}") for name in sorted(names)]
    return [module for module in modules if getattr(module, "__compiled__", False)]


def register(modules: list[ModuleType]) -> None:
    """Make every function of the modules known to the compiler under its own name."""
    for module in modules:
        for function in vars(module).values():
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                register_jitable(function)


register(compiled_modules())

# The rules allocate nothing and return no rows, so nothing needs its references counted; counting
# them took most of the time. Numba refuses to compile a rule that would need it.
compile_rule: Any = nb.njit(cache=True, _nrt=False)  # type: ignore[call-overload]

apply_batch: Callable[..., int] = compile_rule(apply.apply_batch)
"""`shareback.rules.apply.apply_batch` on NumPy arrays of int64."""

admit_members: Callable[..., None] = compile_rule(loading.admit_members)
"""`shareback.rules.loading.admit_members` on NumPy arrays of int64."""

renew_members: Callable[..., None] = compile_rule(loading.renew_members)
"""`shareback.rules.loading.renew_members` on NumPy arrays of int64."""
