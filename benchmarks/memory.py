"""How much memory a process held at most."""

import resource
from pathlib import Path


def peak_memory() -> float:
    """The most memory that this process held, in MiB; `getrusage` tells also of what it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
