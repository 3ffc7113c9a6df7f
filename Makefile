# Counterfoil. "make demo" and "make test" set themselves up; only the first run needs the network.
# Paths here are relative, so that a folder with spaces in its name works.

SHELL := /bin/sh
VENV := .venv
STAMP := $(VENV)/.counterfoil-setup
PY := $(VENV)/bin/python

# The first Python that is new enough and can make a virtual environment.
FIND_PYTHON = for candidate in python3 python3.13 python3.12 python3.11 python3.14; do \
	if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then command -v "$$candidate"; break; fi; done
PYTHON ?= $(shell $(FIND_PYTHON))

# External data sets lie beside the repository on some machines; a value that is already set always wins.
ifndef COUNTERFOIL_DATA
DATA_BESIDE := $(shell cd ../shared/data 2>/dev/null && pwd)
ifneq ($(DATA_BESIDE),)
export COUNTERFOIL_DATA := $(DATA_BESIDE)
endif
endif

# Where nothing compiled may be kept, each start of the program would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE

LOCALES := en zh_Hant
MO := $(foreach locale,$(LOCALES),src/counterfoil/locale/$(locale)/LC_MESSAGES/counterfoil.mo)
# What is of others: fonts and web files, which built packages carry, and the checker of pages, for tests alone.
ASSETS := src/counterfoil/static/fonts/complete.txt src/counterfoil/static/web/complete.txt var/assets/complete.txt
COMPILE := --no-config --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --newline lf \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --annotation-style line

.DEFAULT_GOAL := help
.PHONY: help setup locale demo test test-nightly simulate lint bench bench-growth lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) $(MO) $(ASSETS)  ## make .venv with the locked dependencies, fonts, web files and the counterfoil command
	@"$(PY)" -m compileall -q src

$(STAMP): requirements/dev.txt pyproject.toml hatch_build.py
	@if [ -z "$(PYTHON)" ]; then \
		echo "counterfoil: Python 3.11 or newer, with its venv module, was not found." >&2; \
		echo "  Install it (Debian: apt-get install python3 python3-venv), or name one: make setup PYTHON=/path/to/python3" >&2; \
		echo "counterfoil：找不到 Python 3.11 以上版本及其 venv 模組。" >&2; \
		echo "  請先安裝（Debian：apt-get install python3 python3-venv），或自行指定：make setup PYTHON=/路徑/python3" >&2; \
		exit 2; fi
	@"$(PY)" -c 'import pip' >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear "$(VENV)"
	"$(PY)" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	"$(PY)" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch "$(STAMP)"

locale: $(MO)  ## compile the gettext catalogues whose .po changed

$(MO): %.mo: %.po | $(STAMP)
	@"$(PY)" hatch_build.py

$(ASSETS): package-lock.json $(wildcard tools/assets/*.py) | $(STAMP)
	@"$(PY)" -m tools.assets

demo: setup  ## play the main job with eleven registries, into var/demo
	"$(VENV)/bin/counterfoil" demo --out var/demo

lint: setup  ## ruff, mypy and the import contract
	"$(PY)" -m ruff check
	"$(PY)" -m mypy
	"$(VENV)/bin/lint-imports" --no-logo

# Three processes for two cores, since many tests wait for servers; each has whole files. WORKERS=0 runs all in one.
WORKERS ?= 3
test: lint  ## everything that must hold before a change is merged
	"$(PY)" -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-nightly: setup  ## the long searches: more generated histories, longer simulations
	"$(PY)" -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "nightly or not nightly" --hypothesis-profile=nightly --timeout=3600

# RUNS=20000 plays fewer; a shard that was stopped goes on where it was.
simulate: setup  ## a million simulated runs of several registries, in two shards (half a day)
	@"$(PY)" -m tests.simulation.nightly --runs $(or $(RUNS),1000000) --shard 0/2 & one=$$!; \
	"$(PY)" -m tests.simulation.nightly --runs $(or $(RUNS),1000000) --shard 1/2; two=$$?; wait $$one && exit $$two

bench: setup  ## measure ledger, audit, start and HTTP at full size, on each engine that is here (an hour or more)
	@"$(PY)" -m counterfoil.entrypoints.bench.everything

# ENTRIES=1000000 goes less far; SCRATCH names a folder on another disk.
bench-growth: setup  ## let a journal grow to 10,000,000 entries and measure on the way (half an hour and 15 GB of disk)
	@"$(PY)" -m counterfoil bench growth --json $(if $(ENTRIES),--entries $(ENTRIES)) $(if $(SCRATCH),--scratch "$(SCRATCH)")

lock: setup  ## resolve requirements/*.in again, with hashes, from the public registry alone
	@for name in runtime postgres bench test dev node; do \
		echo "locking requirements/$$name.txt"; \
		( cd requirements && env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
			../$(PY) -m piptools compile $(COMPILE) --output-file "$$name.txt" "$$name.in" ) || exit 1; \
	done

clean:  ## remove everything that make can make again
	rm -rf "$(VENV)" var/demo var/assets build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -f $(MO)
	rm -rf src/counterfoil/static
	find src tests tools -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
