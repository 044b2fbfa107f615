"""Walk into the trap that is named."""

import sys

from traps import TRAPS

TRAPS[sys.argv[1]]()
print("walked")
