"""Loops over the mutants of one model by other programs, each in a process that can be ended.

The model is loaded once and changed in place for each mutant, which is the fastest way to loop
these programs. A figure is the CPU time of one answer, processes that a program starts included;
loading and imports are not in it, nor is writing down what was found. Where answers are quick the
quickest of several counts, which is what they take when nothing else disturbs.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from tests.bench.peers import _below, _cpu, _descendants, _own

Single = tuple[str, int]
Found = Callable[[], Iterable[dict[str, int]]]
"""Writes down what was found: what each space fixes."""

Loop = Callable[[str, int], Found]
"""Answers the mutant that holds one component at one level."""


def mpbn(path: str) -> tuple[Loop, set[str]]:
    import mpbn

    network = mpbn.load(path)

    def loop(name: str, level: int) -> Found:
        rule, network[name] = network[name], bool(level)
        try:
            found = list(network.attractors())
        finally:
            network[name] = rule
        return lambda: ({n: int(x) for n, x in space.items() if x != "*"} for space in found)

    return loop, set(network)


def pyboolnet(path: str) -> tuple[Loop, set[str]]:
    import logging

    logging.disable(logging.CRITICAL)
    from pyboolnet import trap_spaces
    from pyboolnet.file_exchange import bnet2primes
    from pyboolnet.prime_implicants import create_constants

    primes = bnet2primes(path)

    def loop(name: str, level: int) -> Found:
        mutant = create_constants(primes, {name: level}, copy=True)
        found = trap_spaces.compute_trap_spaces(mutant, "min", max_output=1_000_000)
        return lambda: found

    return loop, set(primes)


def biobalm(path: str) -> tuple[Loop, set[str]]:
    import biodivine_aeon as aeon
    from biobalm import SuccessionDiagram

    network = aeon.BooleanNetwork.from_file(path)

    def loop(name: str, level: int) -> Found:
        diagram = SuccessionDiagram(_with_level(network, name, level))
        diagram.expand_minimal_spaces()
        nodes = diagram.minimal_trap_spaces()
        return lambda: (diagram.node_data(node)["space"] for node in nodes)

    return loop, set(network.variable_names())


def biodivine_aeon(path: str) -> tuple[Loop, set[str]]:
    """Simplify each mutant before; free inputs are parameters, which is faster."""
    import biodivine_aeon as aeon

    whole = aeon.BooleanNetwork.from_file(path)
    network = whole.infer_valid_graph().inline_inputs(infer_inputs=True, repair_graph=True)

    def loop(name: str, level: int) -> Found:
        mutant = _with_level(network, name, level)
        mutant = mutant.inline_constants(infer_constants=True, repair_graph=True)
        context = aeon.SymbolicSpaceContext(mutant)
        graph = aeon.AsynchronousGraph(mutant, context)
        found = aeon.TrapSpaces.minimal_symbolic(context, graph)
        inputs = mutant.explicit_parameter_names()

        def fixed(space: Any) -> dict[str, int]:
            return {n: int(x) for n, x in space.to_named_dict().items() if x is not None}

        def spaces() -> Iterable[dict[str, int]]:
            for color, space in found.items():
                inputs_as = {n: int(str(color[n]) == "true") for n in inputs}
                yield {**inputs_as, **fixed(space)}

        return spaces

    return loop, set(whole.variable_names())


def _with_level(network: Any, name: str, level: int) -> Any:
    """Return an AEON network with one variable held; the network itself stays as it is."""
    before = network.get_update_function(name)
    network.set_update_function(name, "true" if level else "false")
    mutant = network.infer_valid_graph()
    network.set_update_function(name, before)
    return mutant


PEERS = {f.__name__: f for f in (mpbn, pyboolnet, biobalm, biodivine_aeon)}
MODULES = {
    "mpbn": ("mpbn", "clingo"),
    "pyboolnet": ("pyboolnet.file_exchange", "pyboolnet.trap_spaces"),
    "biobalm": ("biobalm",),
    "biodivine_aeon": ("biodivine_aeon",),
}

AGAIN = 3
"""How often a mutant is answered whose answers are quick; the quickest counts."""

LONGEST = 10.0
"""CPU seconds in which a program has to load a model, and to answer one mutant."""


@dataclass
class Looped:
    """What a program answered in its time: `known` are the components that it knows."""

    known: set[str] = field(default_factory=set)
    answers: list[list[dict[str, int]]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    why: str = ""

    @property
    def milliseconds(self) -> float:
        """CPU milliseconds for one mutant."""
        return sum(self.seconds) / len(self.seconds) * 1000


def loop_over(peer: str, path: str, singles: Sequence[Single], patience: float) -> Looped:
    """Return what a program answers within so many CPU seconds, which loading is not part of."""
    context = multiprocessing.get_context("spawn")
    pipe, other = context.Pipe()
    process = context.Process(target=_serve, args=(peer, path, list(singles), patience, other))
    process.start()
    other.close()
    looped = Looped()
    try:
        looped.known = pipe.recv()  # imported
        while True:
            used, begin = _cpu(process.pid) + _below(process.pid), time.monotonic()
            while not pipe.poll(0.05):
                spent = _cpu(process.pid) + _below(process.pid) - used
                if spent > LONGEST or time.monotonic() - begin > 20 * LONGEST:
                    looped.why = "out of time"
                    return looped
            message = pipe.recv()
            if message is None:
                return looped
            if isinstance(message, str):
                looped.why = message
                return looped
            if isinstance(message, set):
                looped.known = message
                continue
            answer, seconds = message
            looped.answers.append(answer)
            looped.seconds.append(seconds)
    except (EOFError, ConnectionError):
        looped.why = "crashed"
        return looped
    finally:
        for pid in [*_descendants(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.join()
        pipe.close()


def _serve(peer: str, path: str, singles: list[Single], patience: float, pipe: Connection) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # some talk while they work
    os.dup2(nowhere, 2)
    for name in MODULES[peer]:  # imports are not timed
        importlib.import_module(name)
    pipe.send(set())
    try:
        loop, known = PEERS[peer](path)
        pipe.send(known)
        spent = 0.0
        for name, level in singles:
            times = []
            while len(times) < AGAIN and sum(times) < patience / len(singles):
                found, seconds = _timed(loop, name, level)
                times.append(seconds)
            pipe.send((list(found()), min(times)))
            spent += sum(times)
            if spent > patience:
                break
    except Exception as error:  # noqa: BLE001 (whatever a program raises is its answer)
        pipe.send(f"{type(error).__name__}: {error}")
        return
    pipe.send(None)


def _timed(loop: Loop, name: str, level: int) -> tuple[Found, float]:
    before = _own()
    found = loop(name, level)
    return found, _own() - before
