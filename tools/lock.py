"""Pin the newest dependencies that fit, with hashes, for Linux and every Python from 3.11 on.

The files hold no registry's address: where packages come from is each machine's own choice.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LOCKED = {
    "requirements/runtime.txt": ["pyproject.toml"],
    "requirements/dev.txt": ["requirements/dev.in"],
    "requirements/demo.txt": ["--no-deps", "requirements/demo.in"],
}
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--upgrade",
    "--quiet",
]


def main() -> None:
    """Write the three requirement files, the runtime's first since the others lean on it."""
    uv = Path(sys.executable).with_name("uv")
    for target, sources in LOCKED.items():
        print(f"lock: {target} …", flush=True)
        subprocess.run(
            [uv, "pip", "compile", *OPTIONS, "--output-file", target, *sources],
            cwd=ROOT,
            env={**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"},
            check=True,
        )


if __name__ == "__main__":
    main()
