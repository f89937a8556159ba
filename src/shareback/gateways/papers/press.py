"""The press: a program of its own that sets one paper and ends.

typst remembers all that it has ever set, so that within a server its memory would only grow. Here
it goes with the process, which also has an end of its own in time and memory.

It reads JSON from stdin (`setting.ordered` writes it) and writes a PDF to stdout. Nothing of ours
is imported, so that it starts at once.
"""

import json
import resource
import sys
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
MEMORY_MAX = 6 << 30


def main() -> None:
    """Set the paper that stdin holds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    order = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(HERE / "fonts")],
    )
    compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    body, warnings = compiler.compile_with_warnings(
        input=(HERE / "statement.typ").read_bytes(),
        format="pdf",
        sys_inputs={"paper": json.dumps(order["paper"], ensure_ascii=False)},
        pdf_standards=[order["standard"]],
        pdf_tags=order["tagged"],
        timestamp=order["timestamp"],
    )
    for warning in warnings:
        sys.stderr.write(f"{warning.message}\n")
    if not isinstance(body, bytes):
        raise SystemExit("typst gave no PDF")
    sys.stdout.buffer.write(body)


if __name__ == "__main__":
    main()
