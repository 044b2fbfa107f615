"""`python -m dxrules` is the command `dxrules`."""

import sys

from dxrules.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
