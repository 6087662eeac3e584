# Meridian. `make` or `make help` lists what can be done; every target sets itself up.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The path is the import: the root of this tree is the only thing that Python has to know.
export PYTHONPATH := .
export PIP_DISABLE_PIP_VERSION_CHECK := 1

RUN := .venv/bin/python
MERIDIAN := $(RUN) -m meridian

# embedded: one process on SQLite. local: PostgreSQL and RabbitMQ of this machine, after make up-local.
TARGET ?= embedded
# More options for pytest: make test ARGS="-k ledger -x"
ARGS ?=
# Test processes at once.
WORKERS ?= 2

BENCHES := bench-o2c
FAULTS := faults faults-quick

.PHONY: $(BENCHES) $(FAULTS) help setup setup-runtime run demo audit up-local down-local test lint format types imports contracts lock secrets clean

##@ Use it

run: setup-runtime ## Start the embedded system and leave it serving
	$(MERIDIAN) run

demo: setup-runtime ## Load the Northwind company, replay its 830 orders and audit the result [TARGET=local]
	$(MERIDIAN) demo --target $(TARGET)

audit: setup-runtime ## Check the invariants I1-I14 over a system's databases [TARGET=local]
	$(MERIDIAN) audit --target $(TARGET)

##@ The production shape

up-local: setup-runtime ## Start a web process and a worker per service over the PostgreSQL and RabbitMQ of this machine
	$(MERIDIAN) local up

down-local: setup-runtime ## Stop them
	$(MERIDIAN) local down

secrets: setup-runtime ## Make the passwords and keys for docker compose, once, in deploy/secrets
	$(RUN) -m deploy.setup.secrets

##@ Measure it

bench-o2c: setup ## Order to cash in the production shape: cycles per second beside the floor [ARGS="--runs 3"]
	$(RUN) -m tests.performance o2c $(ARGS)

##@ Prove it

# A fault run: make faults SEEDS=3 ORDERS=2000, or one kind of fault: make faults ONLY=F9
SEEDS ?= 1
ORDERS ?= 2000
ONLY ?=

faults: setup ## Hurt a running system in every known way and write docs/reference/faults.md [SEEDS=3] [ORDERS=2000] [ONLY=F9]
	$(RUN) -m tests.faults --seeds $(SEEDS) --orders $(ORDERS) --only "$(ONLY)" --write docs/reference

faults-quick: setup ## The seven kinds of faults of the gate, over 300 orders each; needs root on Linux
	$(RUN) -m tests.faults --quick --orders 300

##@ Change it

setup: ## Make .venv with the pinned packages of requirements/dev.txt
	@deploy/setup/venv.sh dev

setup-runtime:
	@deploy/setup/venv.sh runtime

test: setup ## Run every test; finds or starts PostgreSQL and RabbitMQ [ARGS="-k ledger"] [WORKERS=4]
	$(RUN) deploy/setup/servers.py -- $(RUN) -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

lint: setup ## Check style, likely bugs and formatting
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

format: setup ## Put the code into its one format and mend what can be mended by itself
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

types: setup ## Check types: strict in libs/common and the domains
	$(RUN) -m mypy

imports: setup ## Check who may import whom (.importlinter)
	.venv/bin/lint-imports --no-logo

contracts: setup ## Write the schemas of events and the OpenAPI documents into services/*/contracts
	$(RUN) -m libs.common.contract services.crm services.sales services.inventory services.finance \
	    services.service_desk gateway

lock: setup ## Pin the newest fitting versions with hashes, after a change of requirements/*.in
	for list in dev runtime semgrep; do \
	    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	        --output-file "requirements/$$list.txt" "requirements/$$list.in"; \
	done

clean: ## Remove caches and build products; what systems keep in var/ stays
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
