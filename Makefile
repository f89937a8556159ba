# Shareback's commands. Each sets up first what it needs; a second run finds it there.
# Choose another Python with `make demo PYTHON=python3.12`.
PYTHON ?= python3
BIN := .venv/bin
# Arguments for pytest: `make test ARGS="tests/rules -x"`.
ARGS ?=

# Compiled modules are kept, whatever this shell says: hundreds of processes would compile them anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench soak lock format clean

help: ## Show these commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with all that demo, tests and benches need.
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "setup: '$(PYTHON)' is missing or older than Python 3.11; name a newer one: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -m tools.setup

demo: setup ## Replay a real year of shopping, then serve the public page on 127.0.0.1:8000.
	@$(BIN)/shareback demo

test: setup ## Run every test, on SQLite and on PostgreSQL.
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: setup ## What CI runs: linters, types, coverage of the pure rooms, then `make test`.
	@$(BIN)/python tools/check.py

bench: setup ## Compare engine, API and proofs with the usual way, each in the same run.
	@$(BIN)/shareback bench engine
	@$(BIN)/shareback bench api
	@$(BIN)/shareback bench proofs

soak: setup ## The long runs: thousands of kills and of random worlds.
	@SHAREBACK_HYPOTHESIS=soak $(BIN)/python -m pytest -m soak $(ARGS)

lock: setup ## Pin the newest dependencies that fit, with their hashes.
	@$(BIN)/python tools/lock.py

format: setup ## Let ruff and djlint set the layout.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true

clean: ## Remove what setup and the tools made.
	rm -rf .venv .setup.lock .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf clients/*/node_modules clients/api/built src/shareback/gateways/papers/fonts \
	  $(foreach each,built h5 console,src/shareback/web/static/$(each))
