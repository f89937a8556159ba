"""A small tree of an XML file, with the line of each element; entities and DOCTYPEs are refused."""

from collections.abc import Iterator
from xml.parsers import expat

from shareback.gateways.bank.shapes import StatementUnreadable

DEPTH_MAX = 64
ELEMENTS_MAX = 1_000_000


class Element:
    """An element: its name without a namespace, where it stands, what it holds."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, line: int, attributes: dict[str, str]) -> None:
        """An element that holds nothing yet."""
        self.name = name
        self.line = line
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""

    def all(self, *path: str) -> Iterator["Element"]:
        """Every element at the end of a path of names below this one."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> "Element | None":
        """The first element at the end of a path, if there is one."""
        return next(self.all(*path), None)

    def get(self, *path: str) -> str:
        """The text at the end of a path, "" where there is none."""
        found = self.first(*path)
        return found.text.strip() if found is not None else ""

    def need(self, *path: str) -> "Element":
        """The element at the end of a path.

        Raises:
            StatementUnreadable: There is none.
        """
        found = self.first(*path)
        if found is None:
            raise StatementUnreadable(self.line, "/".join((self.name, *path)), "is missing")
        return found


class Builder:
    """What expat tells, into a tree."""

    def __init__(self) -> None:
        """Nothing has been told yet."""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        # Whoever declares no document type declares no entity either: nothing can expand.
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.open: list[Element] = []
        self.root: Element | None = None
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        one = Element(name.rpartition(" ")[2], self.parser.CurrentLineNumber, attributes)
        self.count += 1
        if len(self.open) >= DEPTH_MAX or self.count > ELEMENTS_MAX:
            raise StatementUnreadable(
                one.line, one.name, "is one too many, or too deep; export fewer days"
            )
        if self.open:
            self.open[-1].children.append(one)
        else:
            self.root = one
        self.open.append(one)

    def end(self, _name: str) -> None:
        """An element ends."""
        self.open.pop()

    def characters(self, text: str) -> None:
        """Text of the element that is open."""
        self.open[-1].text += text

    def refuse(self, *_told: object) -> None:
        """Refuse a document type, and with it every entity."""
        line = self.parser.CurrentLineNumber
        raise StatementUnreadable(line, "DOCTYPE", "is refused: a bank's file has none")


def tree_of(content: bytes) -> Element:
    """The tree of an XML file.

    Raises:
        StatementUnreadable: It is none, or declares a document type.
    """
    builder = Builder()
    try:
        builder.parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place alone
    except expat.ExpatError as fault:
        words = expat.ErrorString(fault.code) or "no XML"
        raise StatementUnreadable(
            fault.lineno, "", f"is no XML ({words}); the file may be cut: export it again"
        ) from None
    if builder.root is None:
        raise StatementUnreadable(0, "", "holds no element; export it again")
    return builder.root
