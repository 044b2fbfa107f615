# `make demo` and `make test` each work as the first command in a fresh clone: they make .venv and install into it
# what they need, again only when pyproject.toml or constraints.txt changed.
#   make test PYTHON=/path/to/python3.13     choose the Python (when .venv is made)
#   make test ARGS="-k overrides -x"         pass words to pytest
#   make test WORKERS=0                      test in one process, not one a processor

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
ARGS ?=
WORKERS ?= auto

# A file's tests stay in one process: some look at what the tests before them saw.
PARALLEL = --numprocesses $(WORKERS) --dist loadfile

DEMO := examples/three_cases.py examples/fleet_csv.py examples/handbook.py
BENCHMARKS := benchmarks.engine benchmarks.import_time benchmarks.command_line benchmarks.handbook
LINTED := src tests examples benchmarks .ci

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench test-long docs clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

demo: $(VENV)/.installed-run ## decide the made-up cards of the examples, and see why
	@for script in $(DEMO); do \
		printf '\n%s\n\n' "\$$ python $$script"; \
		$(BIN)/python $$script || exit 1; \
	done

test: $(VENV)/.installed-dev ## run the tests
	HYPOTHESIS_PROFILE=ci $(BIN)/python -m pytest $(PARALLEL) $(ARGS)

test-long: $(VENV)/.installed-dev ## run every test, the long ones too, with many more examples
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -m "" $(PARALLEL) $(ARGS)

check: $(VENV)/.installed-dev ## format, lint, types, import directions, documentation, links
	$(BIN)/ruff format --check --quiet $(LINTED) || { echo "to mend: $(BIN)/ruff format $(LINTED)"; exit 1; }
	$(BIN)/ruff check --quiet $(LINTED)
	$(BIN)/mypy --strict src
	$(BIN)/python -m pytest --quiet tests/test_layers.py
	$(BIN)/python .ci/check_links.py
	@$(MAKE) --no-print-directory docs

docs: $(VENV)/.installed-dev ## build the documentation into site/
	$(BIN)/zensical build --clean --strict

bench: $(VENV)/.installed-bench ## measure
	@failed=0; for module in $(BENCHMARKS); do \
		printf '\n%s\n\n' "\$$ python -m $$module"; \
		$(BIN)/python -m $$module || failed=1; \
	done; exit $$failed

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist site site-handbook .cache .coverage htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

INSTALL_NEEDS := $(VENV)/.made pyproject.toml constraints.txt .ci/install.py

$(VENV)/.installed-run: $(INSTALL_NEEDS)
	@echo "Installing dxrules into $(VENV) ..."
	@$(BIN)/python .ci/install.py
	@touch $@

$(VENV)/.installed-dev: $(INSTALL_NEEDS)
	@echo "Installing dxrules and the developers' tools into $(VENV) ..."
	@$(BIN)/python .ci/install.py --extra testing --group dev --group docs --group browser
	@touch $@ $(VENV)/.installed-run

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	@echo "Installing the engines that the benchmarks compare with into $(VENV) ..."
	@$(BIN)/python .ci/install.py --group bench
	@touch $@

# The first of these that really runs, is 3.11 to 3.13, and can make a virtual environment.
$(VENV)/.made:
	@for candidate in $(or $(PYTHON),python3.12 python3.11 python3.13 python3); do \
		if $$candidate -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
			2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "dxrules needs Python 3.11, 3.12 or 3.13 with its venv module, and none of these is one:" >&2; \
		echo "  $(or $(PYTHON),python3.12 python3.11 python3.13 python3)" >&2; \
		echo "Install one (on Debian and Ubuntu: python3 python3-venv python3-dev)," >&2; \
		echo "or name one: make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python" >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$found --version), $$found ..."; \
	rm -rf $(VENV) && $$found -m venv $(VENV)
	@touch $@
