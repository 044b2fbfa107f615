"""Files of any size in a bounded memory: 50,000,000 rows of Parquet beside 1,000,000 of the same files.

    python -m benchmarks.files [--rows 50000000] [--quick] [--folder DIR] [--keep]

It makes the files (several, of several row groups each; about 17 bytes a row), decides them with `evaluate_file`
in processes of their own, and prints rate and peak memory. Exits with 1 when the peak is 2 GiB or more, when the rate
on all rows is not within 20 % of that on the first million, or when a row is lost.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from anywhere, as a plain script

import polars as pl

from benchmarks.frames import columns
from benchmarks.workload import known_cards

FILES = 10  # at full size; each of several row groups
GROUP = 500_000
LIMIT = 2 << 10  # MiB

DECIDE = """
import json, sys, time, warnings
sys.path.insert(0, {root!r})
import dxrules
from benchmarks.memory import peak_memory
from benchmarks.workload import RULEBOOK, BenchCard
warnings.simplefilter("ignore")
rules = dxrules.load(dxrules.Text(RULEBOOK), facts=[BenchCard])
sources = json.loads(sys.argv[1])
dxrules.evaluate_file(sys.argv[3], out=sys.argv[2], rulebook=rules, facts=BenchCard)  # libraries start up
start = time.perf_counter()
report = dxrules.evaluate_file(sources, out=sys.argv[2], rulebook=rules, facts=BenchCard)
took = time.perf_counter() - start
print(json.dumps([report.rows, report.decided, report.rejected, took, peak_memory()]))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the files, measure, print, and say by the exit code whether all is well."""
    parser = argparse.ArgumentParser(description="Measure evaluate_file on many rows of Parquet.")
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--quick", action="store_true", help="4,000,000 rows: a look, not a result")
    parser.add_argument("--folder", type=Path, help="where to put the files, by default a temporary folder")
    parser.add_argument("--keep", action="store_true", help="leave the files there")
    options = parser.parse_args(arguments)
    rows = 4_000_000 if options.quick else options.rows
    folder = options.folder or Path(tempfile.mkdtemp(prefix="dxrules-files-"))
    try:
        return _measure(folder, rows)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, rows: int) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < 120 * rows:
        print(f"{folder} has {free >> 30} GiB free, and {120 * rows >> 30} GiB are needed")
        return 1
    sources = make(folder, rows)
    size = sum(path.stat().st_size for path in sources)
    print(f"{rows:,} rows in {len(sources)} files of {size >> 20:,} MiB together")
    million = folder / "million.parquet"
    pl.read_parquet(sources[0], n_rows=1_000_000).write_parquet(million, row_group_size=GROUP)
    few = _decide([million], folder / "few.out.parquet", million)
    every = _decide(sources, folder / "all.out.parquet", million)
    failed = False
    for name, (read, decided, rejected, took, peak) in (("1,000,000 rows", few), (f"{rows:,} rows", every)):
        print(f"{name:20} {read / took / 1e6:6.2f} M rows/s, peak memory {peak:,.0f} MiB, {rejected:.0f} rejected")
        failed = failed or peak >= LIMIT or read != decided + rejected
    ratio = (every[0] / every[3]) / (few[0] / few[3])
    good = ratio >= 0.8 and not failed
    print(f"the rate on all rows is {ratio:.2f} of that on a million, at least 0.8: {'ok' if good else 'MISSED'}")
    return 0 if good and every[0] == rows else 1


def make(folder: Path, rows: int) -> list[Path]:
    """Files of some rows together, drawn from seeded cards."""
    each = max(1_000_000, -(-rows // FILES))
    cards = known_cards(10_000)
    block = columns(cards, min(each, 1_000_000))
    paths = []
    for start in range(0, rows, each):
        path = folder / f"cards-{start // each:03}.parquet"
        count = min(each, rows - start)
        parts = [block.head(min(1_000_000, count - at)) for at in range(0, count, 1_000_000)]
        pl.concat(parts).write_parquet(path, row_group_size=GROUP)
        paths.append(path)
    return paths


def _decide(sources: Sequence[Path], out: Path, first: Path) -> list[float]:
    program = DECIDE.format(root=str(Path(__file__).resolve().parents[1]))
    command = [sys.executable, "-c", program, json.dumps([str(path) for path in sources]), str(out), str(first)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    out.unlink(missing_ok=True)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
