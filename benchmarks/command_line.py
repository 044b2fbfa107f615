"""What starting the command line costs beside `python -c 'import attrs, cattrs, rich'`, as whole processes.

Each sample is a new process. The commands take turns, so that a busy machine slows all alike; each turn gives a
ratio, and the median of the ratios is the figure. The rulebook was read and checked by a run before, and kept.

It also measures the crossover of the two engines, on which `dxrules.cli.deciding` rests: how many cards can be
interpreted in the time that compiling the bundled rules takes.

    python -m benchmarks.command_line [turns]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dxrules
from dxrules import Card, engines

FLOOR = [sys.executable, "-c", "import attrs, cattrs, rich"]
DXRULES = [sys.executable, "-c", "import sys; from dxrules.cli.main import main; sys.exit(main())"]
CARD = {"card_id": "c-1", "status": "active", "intent": "cancel", "arrears_fen": 3520}


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """How long one process takes."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> int:
    """Print the median times and the medians of the ratios; return 1 when one is over its limit."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    with tempfile.TemporaryDirectory() as folder:
        card = Path(folder) / "card.json"
        card.write_text(json.dumps(CARD), encoding="utf-8")
        # Compiled modules are written, as those of an installed package are.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = kept | {"DXRULES_CACHE": folder}
        commands = {"--help": ([*DXRULES, "--help"], 1.5), "eval, one card": ([*DXRULES, "eval", str(card)], 2.5)}
        for command, _ in commands.values():
            seconds(command, environment)
        floor: list[float] = []
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(turns):
            floor.append(seconds(FLOOR, environment))
            for name, (command, _) in commands.items():
                taken[name].append(seconds(command, environment))
    print(f"import attrs, cattrs, rich   {1e3 * statistics.median(floor):7.1f} ms")
    failed = False
    for name, (_, limit) in commands.items():
        ratio = statistics.median(ours / f for ours, f in zip(taken[name], floor, strict=True))
        failed = failed or ratio > limit
        print(
            f"dxrules {name:20} {1e3 * statistics.median(taken[name]):7.1f} ms   ratio {ratio:.2f}, "
            f"at most {limit}: {'yes' if ratio <= limit else 'NO'}"
        )
    crossover()
    return int(failed)


def crossover() -> None:
    """Print how many cards are interpreted in the time that compiling takes."""
    rulebook = dxrules.load(dxrules.BUNDLED)
    card = dxrules.structure(CARD, Card)
    interpreted = engines.make(rulebook, "reference")
    interpreted.evaluate(card)
    start = time.perf_counter()
    for _ in range(100):
        interpreted.evaluate(card)
    each = (time.perf_counter() - start) / 100
    start = time.perf_counter()
    engines.make(rulebook, "compiled").evaluate(card)
    compiled = time.perf_counter() - start
    print(f"compiling takes as long as interpreting {compiled / each:.0f} cards ({1e3 * each:.2f} ms each)")


if __name__ == "__main__":
    sys.exit(main())
