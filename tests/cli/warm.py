"""A process that has loaded what takes long, and forks a child for each run of the command line.

Run as ``python -m tests.cli.warm SETTINGS``: it reads a line of JSON for each run (arguments,
folder, environment, files for the output) and answers with a line that holds the exit code.

Django is set up with these settings before a child knows its database, so where the command line
sets it up, the child turns to the database instead. Runs in processes of their own, as people
start them, are those of the tests of serving and of the faults.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django

# What a command line imports in any case.
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
    vars(django)["setup"] = turn
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


def turn() -> None:
    """Turn to the database that a child's environment names, as the settings would have.

    Raises:
        DatabaseUrlUnreadable: It names none.
    """
    url = os.environ.get("SHAREBACK_DATABASE") or f"sqlite://{Path.cwd()}/shareback.sqlite3"
    read = import_module("shareback.journal.database_url").database_settings
    connections = import_module("django.db").connections
    connections.databases.update(connections.configure_settings({"default": read(url)}))
    del connections["default"]


def serve(settings: str) -> None:
    """Run the command line once for each line of input."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    django.setup()
    # A child lets go of it, so it has to be there.
    _default = import_module("django.db").connections["default"]
    for name in LOADED:
        import_module(name)
    import_module("shareback.kernels.warm").warm()
    main = import_module("shareback.cli.main").main
    for line in sys.stdin:
        print(run(json.loads(line), main), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    serve(sys.argv[1])
