"""Fuzz the readers: mutated files of every format, in a process of its own with limits.

Any exception that is no `RegnetError`, a hang of more than 5 s, or more than 1 GiB of memory is a
failure; the input is saved and said. The files come from the corpus beside the repository where
there is one, and always from `SEEDS`, texts of our own.

    python tools/fuzz.py [--inputs 100000] [--seed 0] [--format bnet ...] [--save FOLDER]
"""

from __future__ import annotations

import argparse
import gzip
import io
import multiprocessing
import os
import random
import sys
import time
import traceback
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

LONGEST = 5.0
"""Seconds that one input may take."""

MEMORY = 2**30
"""Bytes that the worker may use above what it has when it starts."""

LARGEST_SEED = 20_000
"""Bytes of a file that is mutated; larger ones are cut."""

SEEDS: dict[str, tuple[str, ...]] = {
    "toml": (
        'regnet = 1\n\n[components.A]\ntop = 2\n\n[components.B]\nrule = "!A:2 & (B | A=1)"\n\n'
        "[scenarios.s]\nclamp = {A = 1}\nstart = {B = 0}\n",
    ),
    "bnet": (
        "# c\ntargets, factors\nA, B & !C | (D ^ E)\nB, maj(A,B,C)\nC, 1\nIL-2, not A and B\n",
        "A; B * C + D\nB; !A\n",
    ),
    "booleannet": ("A = B = True\nC = Random\n1: A* = not (B or C)\nB *= A and Ca2+\n",),
    "expressions": (
        "A = B OR NOT C\nB: A & !C\n$C: A\n",
        "MYC<-!PCBP4+TERT\nMYC<-!TCF4\n",
        "x = x*y + (x + 1)*y + 1\ny = x\n",
    ),
    "aeon": (
        "#name: m\n#position:A:1.5,2\n#!k:v: `x`\nA -> B\nB -|? A\nC -?? B\n$A: B\n"
        "$B: f(A, g(C)) | !C\n",
    ),
    "mnet": ("# m\nA <- B:2 & !C\nB:1 <- A\nB:2 <- !A | C\nB:0 <- C\n",),
    "itnet": ("# m\nA B : C[2]\n1-:1\n01:2\n\nA : A\n1:1\n : B\n:1\n",),
    "boolsim": ("# m\nA&^B -> C\nC -| B\n^^A & C -> B\n",),
    "pint": (
        '(* m (* n *) *)\n"a" [0, 1]\nb [0, 1, 2]\nc ["off", on]\n"a" 0 -> 1 when b=2 and c=on\n'
        "b 0 -> 1 when a=0\nb 1 -> 2\nb 2 -> 1 when a=1\nc 1 -> 0\ninitial_context a=1, b=0, b=1\n",
    ),
    "sif": (
        "A 1 B\nC -1 B D\nE\nA -> C\nB -| C\nA <-> D\nA 1 and1\nB -1 and1\nand1 1 E\n",
        "PI3 kinase\tactivates\tAkt\nx\tpp\ty\n",
    ),
    "bma": (
        '{"Model":{"Name":"m","Variables":[{"Name":"a","Id":1,"RangeFrom":0,"RangeTo":4,"Formula":'
        '"min(var(2),ceil(3/2))-1"},{"Name":"b","Id":2,"RangeFrom":0,"RangeTo":4,"Formula":""}],'
        '"Relationships":[{"Id":3,"FromVariable":1,"ToVariable":2,"Type":"Activator"}]},'
        '"Layout":{"Variables":[{"Id":1,"PositionX":1.5,"PositionY":2}],"Description":"d"}}',
        '<?xml version="1.0"?><AnalysisInput ModelName="m"><Variables><Variable Id="1"><Name>a'
        "</Name><RangeFrom>0</RangeFrom><RangeTo>2</RangeTo><Function>var(1)</Function></Variable>"
        "</Variables><Relationships/></AnalysisInput>",
        '<Model Name="m"><Variables><Variable Id="1" Name="a"><RangeTo>2</RangeTo><Formula>var(a)'
        "</Formula><PositionX>1</PositionX><PositionY>2.5</PositionY></Variable></Variables>"
        "<Relationships><Relationship><FromVariableId>1</FromVariableId><ToVariableId>1"
        "</ToVariableId><Type>Activator</Type></Relationship></Relationships></Model>",
    ),
    "cnet": ("# m\n.v 2\n# 1 = A\n# 2 = B\n.n 1 2 1 2\n0- 1\n1- 0\n.n 2 1 1\n0 0\n1 1\n",),
    "truthtable": ("A B\n00 12\n01 10\n02 00\n10 10\n11 02\n12 01\n",),
    "primes": ('{"A":[[{"B":0},{"C":1}],[{"B":1,"C":0}]],"B":[[],[{}]]}',),
    "cna": ("mek=erk\t1 mek + 1 !x = 1 erk\t|\t#\n = 1 mek\nC = 1 A & 1 !B\n",),
}
"""Format -> texts that hold a little of everything it has."""

INTERESTING = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n\n", b"(" * 200, b")" * 50, b"!" * 300, b"[" * 300,
    b"{" * 300, b"<a>" * 200, b"9" * 18, b"9" * 5000, b"-1", b"1e400", b"NaN", b"\xe2\x80\xae",
    b"A" * 5000, b"&" * 20, b"|", b"^", b" and ", b"=>", b"<=>", b"maj(", b"#", b'"', b"\\", b"'",
    b"&lt;", b"<!ENTITY a 'b'>", b"<!DOCTYPE x SYSTEM 'file:///x'>", b"]]>", b"../", b"%s", b"$A:",
    b"sumgt(A,B,99999999)", b" ^ A" * 30, b"*", b"+", b",", b":", b"=", b"\t", b"var(1)", b"/0",
)  # fmt: skip


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return a file with a few faults."""
    out = bytearray(data[:LARGEST_SEED])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 10))):
        at = chance.randrange(len(out) + 1)
        end = min(len(out), at + int(chance.expovariate(1 / 12)) + 1)
        match chance.randrange(9):
            case 0:
                out[at:end] = b""
            case 1:
                out[at:at] = chance.choice(INTERESTING)
            case 2:
                out[at:end] = chance.choice(INTERESTING)
            case 3 if at < len(out):
                out[at] = chance.randrange(256)
            case 4:
                out[at:at] = out[at:end] * chance.choice((1, 1, 2, 20))
            case 5:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                out[at:end] = other[start : start + chance.randrange(1, 200)]
            case 6:
                del out[at:]
            case 7:  # two lines change places
                lines = bytes(out).split(b"\n")
                i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[i], lines[j] = lines[j], lines[i]
                out[:] = b"\n".join(lines)
            case _:
                lines = bytes(out).split(b"\n")
                i = chance.randrange(len(lines))
                lines[i:i] = [lines[chance.randrange(len(lines))]]
                out[:] = b"\n".join(lines)
    return bytes(out)


def own_seeds(name: str) -> list[bytes]:
    """Return our own texts of a format, or else what regnet writes of one."""
    from regnet.formats import FORMATS, loads

    if name == "archive":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("manifest.xml", '<omexManifest><content location="./m.bnet"/>')
            archive.writestr("m.bnet", SEEDS["bnet"][0])
        return [packed.getvalue(), gzip.compress(SEEDS["bnet"][0].encode())]
    if name in SEEDS or not FORMATS[name].writes:
        return [text.encode() for text in SEEDS.get(name, SEEDS["expressions"])]
    written = FORMATS[name].write(loads(SEEDS["bnet"][0], "m.bnet").project).content
    return [written.encode() if isinstance(written, str) else written]


def seeds(name: str) -> list[bytes]:
    """Return the files of a format that are mutated."""
    from regnet.errors import RegnetError
    from regnet.files import read_file
    from regnet.formats import find_format

    found = own_seeds(name)
    shared = Path(os.environ.get("REGNET_SHARED") or ROOT.parent / "shared") / "corpus"
    for folder in ("formats", "probes"):
        for path in sorted((shared / folder).rglob("*")):
            if path.is_file() and path.suffix != ".csv" and path.parent.name != "oracle":
                source = read_file(path)
                with suppress(RegnetError):
                    if find_format(str(path), source).name == name:
                        found.append(source.data)
    return found


def inputs(name: str, seed: int, files: list[bytes]) -> Iterator[bytes]:
    """Yield mutated files without end; the same for the same seed."""
    chance = random.Random(f"{name} {seed}")
    while True:
        yield mutated(chance.choice(files), files, chance)


def check(name: str, data: bytes) -> str:
    """Read one input; return what went wrong, or nothing."""
    from regnet.errors import RegnetError
    from regnet.formats import FORMATS, Source

    try:
        reading = FORMATS[name].read(Source("m" + FORMATS[name].extensions[0], data))
        for remark in reading.remarks:
            str(remark)
    except RegnetError as error:
        return "" if str(error).strip() and "\n" not in str(error) else f"no sentence: {error!r}"
    except BaseException:  # noqa: BLE001 - it is what we look for
        return traceback.format_exc()
    return ""


def _work(connection: multiprocessing.connection.Connection, name: str) -> None:
    """Read what comes through the pipe, and answer each time."""
    warnings.simplefilter("error")
    try:
        import resource

        import regnet.formats  # noqa: F401

        pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (pages + 2 * MEMORY, pages + 2 * MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # no such limits here
    while True:
        connection.send(check(name, connection.recv_bytes()))


class Worker:
    """A process that reads; it is replaced when it hangs or dies."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.start()

    def start(self) -> None:
        """Start a fresh one."""
        context = multiprocessing.get_context("forkserver")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, self.name), daemon=True)
        self.process.start()
        theirs.close()

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def check(self, data: bytes) -> str:
        """Return what went wrong with an input, or nothing."""
        try:
            self.pipe.send_bytes(data)
            if self.pipe.poll(LONGEST if self.ready else 60):
                self.ready = True
                answer: str = self.pipe.recv()
                if self.peak() <= MEMORY:
                    return answer
                answer = f"more than {MEMORY >> 20} MiB of memory"
            else:
                answer = f"more than {LONGEST:g} s"
        except (EOFError, OSError) as error:
            answer = f"the process died ({error!r})"
        self.stop()
        self.ready = False
        self.start()
        return answer

    ready = False

    def peak(self) -> int:
        """Return the most memory that the worker has used, in bytes; 0 where it is unknown."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            return int(status.split("VmHWM:")[1].split()[0]) * 1024
        except (OSError, IndexError):
            return 0


def fuzz(name: str, count: int, seed: int, save: Path) -> int:
    """Read mutated files of a format; return how many failures there were."""
    files = seeds(name)
    worker, failures, begun = Worker(name), 0, time.perf_counter()
    kinds: set[str] = set()
    for number, data in zip(range(count), inputs(name, seed, files), strict=False):
        fault = worker.check(data)
        if fault:
            failures += 1
            kind = fault.strip().splitlines()[-1][:200]
            if kind not in kinds:
                kinds.add(kind)
                save.mkdir(parents=True, exist_ok=True)
                path = save / f"{name}-{seed}-{number}"
                path.write_bytes(data)
                print(f"{name}: {kind}\n  saved as {path}", flush=True)  # noqa: T201
    worker.stop()
    seconds = time.perf_counter() - begun
    print(  # noqa: T201
        f"{name}: {count} inputs from {len(files)} files in {seconds:.0f} s, {failures} failures",
        flush=True,
    )
    return failures


def main() -> int:
    """Run the command line."""
    from regnet.formats import FORMATS

    names = [f.name for f in FORMATS.values() if f.reads]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=100_000, help="for each format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--format", nargs="+", choices=names, default=names)
    parser.add_argument("--save", type=Path, default=ROOT / "build" / "fuzz")
    asked = parser.parse_args()
    return int(sum(fuzz(n, asked.inputs, asked.seed, asked.save) for n in asked.format) > 0)


if __name__ == "__main__":
    sys.exit(main())
