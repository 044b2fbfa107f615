"""`python -m dxrules` is the command `dxrules`."""

import sys

from dxrules.cli.main import main

sys.exit(main())
