"""Two ways of doing one thing, measured by turns in one process: machines drift, so only the ratio of one run counts.

CPU time of this process, not the clock on the wall: other programs on the machine then hardly matter. Where the work is
done by the database, which is another process, the wall clock is the only one that sees it: `clock=perf_counter`.
"""
import gc
import json
import pathlib
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter, process_time

RESULTS = pathlib.Path(__file__).resolve().parent / "results"


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one side, one number for each call."""

    each: list[float]

    def at(self, share: float) -> float:
        return sorted(self.each)[min(len(self.each) - 1, int(share * len(self.each)))]

    @property
    def p50(self) -> float:
        return self.at(0.5)

    @property
    def p95(self) -> float:
        return self.at(0.95)


def by_turns(*sides: Callable[[], object], seconds: float = 3.0, clock: Callable[[], float] = process_time) -> list[Times]:
    """Call the sides in turn until the time is over. The first calls, which fill caches, are not counted.

    A quick side is called many times in its turn, so that the resolution of the clock does not matter.
    """
    often = []
    for side in sides:
        side()
        begin = perf_counter()
        side()
        often.append(max(1, int(0.002 / (perf_counter() - begin))))
    took, end = [[] for _ in sides], perf_counter() + seconds
    gc.collect()
    while perf_counter() < end or len(took[0]) < 15:
        for side, times, count in zip(sides, took, often, strict=True):
            begin = clock()
            for _ in range(count):
                side()
            times.append((clock() - begin) * 1000 / count)
    return [Times(times) for times in took]


def ratio(above: Times, below: Times) -> tuple[float, list[float]]:
    """How many times longer `above` takes: the median over the turns, and the middle half of them."""
    quarters = statistics.quantiles([a / b for a, b in zip(above.each, below.each, strict=True)], n=4)
    return round(quarters[1], 2), [round(quarters[0], 2), round(quarters[2], 2)]


@dataclass(frozen=True, slots=True)
class Result:
    """One promise, measured."""

    name: str
    size: int
    figure: float
    unit: str
    against: str
    ratio: float
    spread: list[float]
    promise: str
    holds: bool
    memory_mb: int = 0

    def line(self) -> str:
        mark = "holds" if self.holds else "MISSED"
        return f"{self.name:34} {self.figure:10,.2f} {self.unit:12} {self.ratio:7.2f} x {self.against:34} {mark:6}  {self.promise}"


def report(name: str, results: list[Result], arguments: list[str]) -> bool:
    """Keep the results in bench/results/<name>.json, print them, and say at last, in one line, whether all hold.

    A module with many figures sums up in its last line: the one that lies nearest to its promise stands there, with all
    others under `parts`.
    """
    holds = all(result.holds for result in results)
    worst = next((result for result in results if not result.holds), results[0])
    whole = asdict(worst) | {"name": name, "holds": holds, "parts": [asdict(result) for result in results]}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    for result in results:
        print(result.line(), file=sys.stderr if "--json" in arguments else sys.stdout, flush=True)
    if "--json" in arguments:
        print(json.dumps(whole, ensure_ascii=False))
    return holds


def size(arguments: list[str], otherwise: int) -> int:
    """--size 1000000, --size 1M, --size 10k"""
    if "--size" not in arguments:
        return otherwise
    text = arguments[arguments.index("--size") + 1].lower().replace("_", "")
    return int(text.replace("k", "000").replace("m", "000000"))
