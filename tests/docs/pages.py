"""What the tests of the pages read: their text, anchors, links, tables and blocks of code."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Link(NamedTuple):
    """A link of a page to a file of the checkout, and to an anchor in it, or ""."""

    target: str
    anchor: str


def pages(root: Path = ROOT) -> list[Path]:
    """Every page of the project: those beside the README, and all below ``docs``."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def page(name: str) -> str:
    """A page's text."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", text)


def blocks(text: str, language: str) -> list[str]:
    """A page's blocks of code in a language."""
    return [body for name, body in FENCE.findall(text) if name == language]


def anchors(text: str) -> set[str]:
    """What a link to a page may name: anchors that it sets, and those of its headings."""
    found = set(ANCHOR.findall(text))
    for _level, title in HEADING.findall(without_code(text)):
        plain = re.sub(r"<[^>]*>|[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def links(text: str) -> list[Link]:
    """A page's links inside the checkout, itself included."""
    inside = [each for each in LINK.findall(without_code(text)) if "://" not in each]
    parted = [each.partition("#") for each in inside if not each.startswith("mailto:")]
    return [Link(target, anchor) for target, _hash, anchor in parted]


def broken_links(path: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    text = path.read_text(encoding="utf-8")
    found = []
    for target, anchor in links(text):
        file = path.parent / target if target else path
        if not file.exists():
            found.append(f"{path.name}: {target} is not there")
        elif anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
            found.append(f"{path.name}: {target}#{anchor} has no such anchor")
    return found


def sections(text: str) -> dict[str, str]:
    """The parts of a page under its headings of the second level, by heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, heads included."""
    lines = [line for line in without_code(text).splitlines() if line.startswith("|")]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    return [[cell.strip() for cell in row] for row in cells if not set("".join(row)) <= set("-: ")]


def code_spans(text: str) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"`([^`\n]+)`", without_code(text))
