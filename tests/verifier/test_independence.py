"""What makes the second verifier worth having: it is small, and nothing in it is ours."""

import ast
import sys
from pathlib import Path

import pytest

from tests.verifier.conftest import FOLDER, PROGRAM, ROOT, verify

FILES = sorted(FOLDER.glob("*.py"))
LINES_MAX = 600
PROOFS = ROOT / "docs" / "reference" / "proofs-vectors.json"


def imported(path: Path) -> set[str]:
    """The packages that a file imports, anywhere in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(str(node.module).partition(".")[0])
    return found


def test_there_are_a_verifier_and_the_rules() -> None:
    assert [path.name for path in FILES] == ["economy.py", "export.py", "replay.py", "verify.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_imports_nothing_of_ours_and_is_soon_read(path: Path) -> None:
    allowed = {*sys.stdlib_module_names, "cryptography", "pyarrow", *(one.stem for one in FILES)}
    assert imported(path) <= allowed
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_MAX


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_counts_in_whole_numbers(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        of_time = isinstance(node, ast.Constant) and node.value in (0.0, 0.2)
        assert of_time or not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        beside = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        assert not beside or path.name == "export.py", "paths are joined with a slash there only"


def test_proofs_need_the_one_file_alone(tmp_path: Path) -> None:
    alone = tmp_path / "verify.py"
    alone.write_bytes(PROGRAM.read_bytes())
    assert imported(alone) - set(sys.stdlib_module_names) == {"cryptography", "export", "verify"}
    assert verify("vectors", PROOFS, program=alone).code == 0
    run = verify("export", tmp_path, program=alone)
    assert (run.code, run.err) == (
        2,
        "verify: cannot be read: export is not here: an export needs it\n",
    )
