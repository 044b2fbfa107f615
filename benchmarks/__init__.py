"""Measurements of dxrules beside other engines. Not shipped; run with ``make bench``."""
