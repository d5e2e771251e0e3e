# Two doors, and both need only Python 3.11 or newer and make:
#   make demo                colorize real photographs (or PHOTO="a.jpg b.jpg") into out/
#   make test                set up everything in .venv, then run every check

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PHOTO ?=

.PHONY: demo test check format lint types layers docs tests reference pictures browser clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.light
	@PHOTO="$(PHOTO)" $(BIN)/python benchmarks/demo.py --out out

test: $(VENV)/.everything browser tests/decoders/node_modules/.package-lock.json
	$(MAKE) check

check: format lint types layers docs tests

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

docs:
	$(BIN)/python -m photochrom.cli.reference --check docs/cli.md

tests:
	$(BIN)/pytest -q --cov --cov-report=term

# What the checks compare with, made anew.
reference:
	$(BIN)/python -m photochrom.cli.reference docs/cli.md

pictures:
	$(BIN)/python benchmarks/explain_pictures.py
	$(BIN)/python benchmarks/readme_pictures.py
	$(BIN)/python benchmarks/hint_pictures.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	"Photochrom needs Python 3.11 or newer, this is " + sys.version.split()[0] + \
	": name another with PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.light: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[demo]'
	@touch $@

$(VENV)/.everything: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.light

# A browser and node decode our JPEGs in the tests; those tests skip where they cannot be had.
browser:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  missing=""; \
	  command -v chromium >/dev/null || missing="$$missing chromium"; \
	  command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	  if [ -n "$$missing" ]; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; \
	  fi; \
	fi

# The JPEG decoder from npm that the tests try.
tests/decoders/node_modules/.package-lock.json: tests/decoders/package-lock.json | browser
	@if command -v npm >/dev/null; then \
	  npm ci --prefix tests/decoders --no-audit --no-fund --silent; \
	else echo "no npm here: the test of its JPEG decoder will be skipped"; fi

clean:
	rm -rf $(VENV) out .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
