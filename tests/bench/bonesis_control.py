"""Interventions by BoNesis, run by `test_control.py` with a Python of its own.

BoNesis (doi 10.1007/978-3-030-60327-4_1) is for academic use, so it is installed apart from regnet
and its packages::

    python -m venv bonesis && bonesis/bin/pip install bonesis
    REGNET_BONESIS=bonesis/bin/python make bench

Reads a question as JSON and writes the sets and the CPU seconds without imports as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any


def main() -> None:
    question: dict[str, Any] = json.load(sys.stdin)
    import bonesis
    from bonesis.domains import BooleanNetwork
    from bonesis.reprogramming import trapspace_reprogramming

    bonesis.settings["quiet"] = True
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + question["limit"] + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    target, value = question["target"]
    begin = time.process_time()
    network = BooleanNetwork("\n".join(question["lines"]))
    found = trapspace_reprogramming(
        network, {target: value}, question["size"], exclude=[target, *question["inputs"]]
    )
    sets = [sorted((name, int(level > 0)) for name, level in one.items()) for one in found]
    json.dump([sets, time.process_time() - begin], sys.stdout)


if __name__ == "__main__":
    main()
