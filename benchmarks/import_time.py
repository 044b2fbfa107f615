"""What `import dxrules` costs beside `import attrs, cattrs`, which it cannot do without.

Each sample is a new interpreter that times one import, after one that warms the disk. The two take turns, so
that a busy machine slows both alike; each pair gives a ratio, and the median of the ratios is the figure.

    python -m benchmarks.import_time [pairs]
"""

import statistics
import subprocess
import sys

TIMED = "from time import perf_counter as t; start = t(); import {}; print(t() - start)"
LIMIT = 1.5


def seconds(modules: str) -> float:
    """Time one import in a new interpreter."""
    command = [sys.executable, "-I", "-c", TIMED.format(modules)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> int:
    """Print the median times and the median of the paired ratios; return 1 when it is over the limit."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    seconds("attrs, cattrs"), seconds("dxrules")
    floor, ours = [], []
    for _ in range(pairs):
        floor.append(seconds("attrs, cattrs"))
        ours.append(seconds("dxrules"))
    ratio = statistics.median(o / f for o, f in zip(ours, floor, strict=True))
    print(f"import attrs, cattrs   {1e3 * statistics.median(floor):7.1f} ms")
    print(f"import dxrules         {1e3 * statistics.median(ours):7.1f} ms")
    print(f"ratio                  {ratio:7.2f}      at most {LIMIT}: {'yes' if ratio <= LIMIT else 'NO'}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
