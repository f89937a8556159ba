"""The warm process: reads actions from its input, runs them, writes what came of them.

Run as ``python -m tests.faults.warm``.
"""

import json
import os
import sys
import traceback
from typing import TextIO

import django

django.setup()

from tests.faults.actions import ACTIONS  # noqa: E402 - Django's models need its settings


def main(commands: TextIO, answers: TextIO) -> None:
    """Answer each line of commands with a line."""
    for line in commands:
        request = json.loads(line)
        try:
            answer = ACTIONS[request["action"]](**request["arguments"])
        except BaseException:  # noqa: BLE001 - whoever asked is told
            answer = {"fault": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    # What the actions print goes where faults go.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    main(sys.stdin, out)
