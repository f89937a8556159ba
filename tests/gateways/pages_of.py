"""What a PDF says: read back by another program."""

from io import BytesIO

from pypdf import PdfReader

BREAK = "\N{ZERO WIDTH SPACE}"


def pages_of(body: bytes) -> list[str]:
    """The text of each page, without the places where a long word may break."""
    return [page.extract_text().replace(BREAK, "") for page in PdfReader(BytesIO(body)).pages]


def said_in(body: bytes) -> str:
    """All text, in one line for each of the PDF's."""
    return "\n".join(pages_of(body))


def title_and_language(body: bytes) -> tuple[str, str]:
    """What a reader's window and a screen reader are told."""
    reader = PdfReader(BytesIO(body))
    title = reader.metadata.title if reader.metadata is not None else ""
    return str(title), str(reader.root_object["/Lang"])


def is_tagged(body: bytes) -> bool:
    """Whether it tells those who cannot see it what is a heading and what a table."""
    return "/StructTreeRoot" in PdfReader(BytesIO(body)).root_object
