"""How measuring is done: paired timing, reports, and one module for each table."""
