"""A process that has loaded what takes long, and forks a child for each run of the command line.

Run as ``python -m tests.cli.warm``: it reads a line of JSON for each run (arguments, folder,
environment, files for the output) and answers with a line that holds the exit code.
"""

import importlib
import json
import os
import sys
from typing import Any

# What a command line imports before it knows its database; Django's models come after that.
LOADED = (
    "django.core.management",
    "django.db.migrations.executor",
    "matplotlib.pyplot",
    "psycopg",
    "pyarrow.parquet",
    "rich.progress",
    "shareback.cli.main",
    "shareback.kernels.compiled",
    "shareback.kernels.hashing",
)


def run(request: dict[str, Any], main: Any) -> int:  # noqa: ANN401
    """One run, in a child of its own."""
    pid = os.fork()
    if pid > 0:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.chdir(str(request["folder"]))
    os.environ.update(request["environment"])
    for target, name in ((0, os.devnull), (1, request["stdout"]), (2, request["stderr"])):
        flags = os.O_RDONLY if target == 0 else os.O_WRONLY | os.O_CREAT
        os.dup2(os.open(str(name), flags), target)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    code = 0
    try:
        sys.argv = ["shareback", *request["arguments"]]
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as Python itself would tell it
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def serve() -> None:
    """Run the command line once for each line of input."""
    for name in LOADED:
        importlib.import_module(name)
    importlib.import_module("shareback.kernels.warm").warm()
    main = importlib.import_module("shareback.cli.main").main
    for line in sys.stdin:
        print(run(json.loads(line), main), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    serve()
