"""A file of the bank's into statements, whichever format it has."""

from collections.abc import Callable, Mapping

from shareback.gateways.bank import alipay, camt053, csv_table, wechat
from shareback.gateways.bank.shapes import FILE_BYTES_MAX, Statement, StatementUnreadable

FORMATS: dict[str, Callable[[bytes, Mapping[str, str]], tuple[Statement, ...]]] = {
    "camt053": camt053.read,
    "csv": csv_table.read,
    "alipay": alipay.read,
    "wechat": wechat.read,
}
"""The readers, by the names under which the command line knows them."""


def read_statements(
    content: bytes, form: str, mapping: Mapping[str, str] | None = None
) -> tuple[Statement, ...]:
    """Read a file.

    Args:
        content: The file as a whole.
        form: A key of `FORMATS`.
        mapping: For ``csv``: the file's names of columns, by our fields.

    Returns:
        Its statements in order, at least one.

    Raises:
        StatementUnreadable: It is none, it is cut, or its figures do not agree.
    """
    if len(content) > FILE_BYTES_MAX:
        raise StatementUnreadable(
            0, "", f"is larger than {FILE_BYTES_MAX >> 20} MiB; export fewer days at once"
        )
    if not content:
        raise StatementUnreadable(0, "", "is empty; export it again")
    return FORMATS[form](content, mapping or {})
