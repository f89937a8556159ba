"""The compiled requirements name everything: setup installs them without resolving anything."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
INPUTS = ("runtime.txt", "dev.txt")
ENTRY = re.compile(r"(?m)^([\w.-]+)==([^\s;\\]+)(?: ; (.+?))?(?: \\)?$")


def pinned() -> dict[str, str]:
    """The version of each package that is pinned for this machine, by its canonical name."""
    lines = "\n".join((REQUIREMENTS / name).read_text(encoding="utf-8") for name in INPUTS)
    here: dict[str, str] = {}
    for name, version, marker in ENTRY.findall(lines):
        if not marker or Requirement(f"{name} ; {marker}").marker.evaluate():  # type: ignore[union-attr]
            here[canonicalize_name(name)] = version
    return here


def missing(packages: Iterable[str], kept: dict[str, str]) -> Iterator[str]:
    """What the packages need that is pinned nowhere, or pinned at another version."""
    for package in packages:
        for text in distribution(package).requires or ():
            needed = Requirement(text)
            if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
                continue
            version = kept.get(canonicalize_name(needed.name))
            if version is None or not needed.specifier.contains(version, prereleases=True):
                yield f"{package} needs {needed}"


def test_every_pinned_package_finds_what_it_needs_among_the_pinned() -> None:
    kept = pinned()
    assert len(kept) > 60
    assert list(missing(kept, kept)) == []


def test_a_package_that_is_left_out_would_be_found() -> None:
    kept = pinned()
    del kept["asgiref"]
    assert any(line.startswith("django needs asgiref") for line in missing(["django"], kept))


def test_the_installed_versions_are_the_pinned_ones() -> None:
    assert {name: distribution(name).version for name in pinned()} == pinned()
