"""The command line: `dxrules`, and `python -m dxrules`."""
