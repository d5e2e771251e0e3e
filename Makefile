# Two doors, and both need only Python 3.11 or newer and make:
#   make demo                colorize real photographs (or PHOTO="a.jpg b.jpg") into out/
#   make test                set up everything in .venv, then run every check
# And with Node 20 too:
#   make web                 build the website into the package; make wheel: a wheel that has it

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PHOTO ?=

# The website needs Node 20.19 or newer; where it is absent, its checks are skipped, but not in CI.
NODE_IS_THERE := node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null

.PHONY: demo test check format lint types layers docs tests website web wheel reference pictures \
  browser clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.light
	@PHOTO="$(PHOTO)" $(BIN)/python benchmarks/demo.py --out out

test: $(VENV)/.everything browser tests/decoders/node_modules/.package-lock.json
	$(MAKE) check

check: format lint types layers docs website tests

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

# Biome, TypeScript, Vitest, both builds, and the browser tests against the real server.
website: web/node_modules/.package-lock.json
	@if $(NODE_IS_THERE); then set -e; \
	  npm run --prefix web --silent check; \
	  WEB_PYTHON=$(CURDIR)/$(BIN)/python npm run --prefix web --silent test; \
	  npm run --prefix web --silent build; \
	  npm run --prefix web --silent build:static; \
	  WEB_PYTHON=$(CURDIR)/$(BIN)/python BUILT=1 npm run --prefix web --silent test:e2e; \
	else echo "no Node 20.19 here: the website's checks are skipped"; test -z "$(CI)"; fi

# The website into src/photochrom/server/site, from where photochrom serve and the wheel take it.
web: web/node_modules/.package-lock.json
	@$(NODE_IS_THERE) || { echo "make web needs Node 20.19 or newer"; exit 1; }
	npm run --prefix web --silent build

wheel: web | $(BIN)/python
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps -w dist .

# What the checks compare with, made anew.
reference:
	$(BIN)/python -m photochrom.cli.reference docs/cli.md
	@if $(NODE_IS_THERE); then WEB_PYTHON=$(CURDIR)/$(BIN)/python npm run --prefix web --silent api; fi

pictures:
	$(BIN)/python benchmarks/explain_pictures.py
	$(BIN)/python benchmarks/readme_pictures.py
	$(BIN)/python benchmarks/site_pictures.py
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

web/node_modules/.package-lock.json: web/package-lock.json | browser
	@if $(NODE_IS_THERE); then npm ci --prefix web --no-audit --no-fund --silent; fi

clean:
	rm -rf $(VENV) out .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
