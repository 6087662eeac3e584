# Meridian. `make` or `make help` lists what can be done; every target sets itself up.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The path is the import: the root of this tree is the only thing that Python has to know.
export PYTHONPATH := .
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where it is set, each of the processes that are started here compiles the whole tree again.
unexport PYTHONDONTWRITEBYTECODE

RUN := .venv/bin/python
MERIDIAN := $(RUN) -m meridian
SEMGREP := .venv-semgrep/bin/semgrep scan --metrics=off --disable-version-check

# Everything but the page at / works without the console: where it cannot be built, only the gate refuses to go on.
CONSOLE := deploy/setup/console.sh || { [ "$${CI:-}" != true ] && echo "the console was not built" >&2; }

# embedded: one process on SQLite. local: PostgreSQL and RabbitMQ of this machine, after make up-local.
TARGET ?= embedded
# northwind: a food wholesaler; adventureworks: a maker of bicycles, who buys and makes what runs short.
SCENARIO ?= northwind
# More options for pytest: make test ARGS="-k ledger -x"
ARGS ?=
# Test processes at once; one more than two processors have, since many tests wait for messages or for another process.
WORKERS ?= 3

.PHONY: help setup setup-runtime console screenshots run demo audit up-local down-local test lint format types imports contracts lock secrets clean
.PHONY: security-static bandit semgrep pip-audit sbom
.PHONY: bench-o2c bench-growth bench-large bench-views bench-overload bench-sustained bench-hot bench-idle
.PHONY: faults faults-quick
.PHONY: security security-matrix
.PHONY: simulate simulate-properties history

##@ Use it

run: setup-runtime console ## Start the embedded system and leave it serving, the console at /
	$(MERIDIAN) run

demo: setup-runtime ## Load an example company, replay its orders and audit the result [SCENARIO=adventureworks] [TARGET=local]
	$(MERIDIAN) demo --target $(TARGET) --scenario $(SCENARIO)

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

bench-growth: setup ## The same load and pages with none, 20,000 and 200,000 orders of the past (25 min)
	$(RUN) -m tests.performance growth $(ARGS)

bench-large: setup ## Orders of 1,000 lines beside orders of 3
	$(RUN) -m tests.performance large $(ARGS)

bench-views: setup ## Every list page, dashboard and the customer's page with 20,000 orders of the past
	$(RUN) -m tests.performance views $(ARGS)

bench-overload: setup ## Five times the highest rate: what is refused, and how soon it is over
	$(RUN) -m tests.performance overload $(ARGS)

bench-sustained: setup ## Ten minutes at 70 % of the highest rate: errors, memory, pages
	$(RUN) -m tests.performance sustained $(ARGS)

bench-hot: setup ## One item, one customer, an order of a thousand lines
	$(RUN) -m tests.performance hot $(ARGS)

bench-idle: setup ## The embedded system at rest; the import on both engines: lines per second, memory at two sizes
	$(RUN) -m deploy.setup.servers --durable -- $(RUN) -m tests.performance idle $(ARGS)

##@ Check its security

security: setup ## Send 150,000 hostile requests, and Schemathesis as every role to every document; writes docs/reference/security.md [ARGS="--shape production"]
	$(RUN) -m deploy.setup.servers -- $(RUN) -m tests.security.run $(ARGS)

security-matrix: setup ## Pin anew who may do what to whose; read the difference before committing it
	$(RUN) -m tests.security.matrix

security-static: bandit semgrep ## What can be seen without running it: likely holes, our own rules, passwords in the tree

bandit: setup ## Look for likely holes in the product's Python
	$(RUN) -m bandit --quiet --configfile pyproject.toml --recursive services gateway libs meridian deploy

semgrep: ## Check our own rules (deploy/security/semgrep.yml), and first that they find what they should
	@deploy/setup/venv.sh semgrep
	$(SEMGREP) --quiet --test --config deploy/security/semgrep.yml deploy/security/semgrep.py
	$(SEMGREP) --quiet --error --config deploy/security/semgrep.yml --exclude deploy/security/semgrep.py .

pip-audit: setup ## Look for known holes in the pinned packages; fails when the service that knows them is not reached
	for list in runtime dev semgrep; do \
	    $(RUN) -m pip_audit --strict --disable-pip --requirement "requirements/$$list.txt"; \
	done

sbom: setup ## Write build/sbom.json: the packages that an image holds, in CycloneDX 1.6
	mkdir -p build
	$(RUN) -m cyclonedx_py requirements --spec-version 1.6 --output-reproducible --output-format JSON \
	    --output-file build/sbom.json requirements/runtime.txt

##@ Prove it

# A fault run: make faults SEEDS=3 ORDERS=2000, or one kind of fault: make faults ONLY=F9
# LANES systems stand side by side: most of a fault is waiting.
faults: SEEDS ?= 1
ORDERS ?= 60
LANES ?= 2
ONLY ?=

faults: setup ## Hurt a running system in every known way and write docs/reference/faults.md [SEEDS=3] [ORDERS=2000] [ONLY=F9]
	$(RUN) -m tests.faults --seeds $(SEEDS) --orders $(ORDERS) --lanes $(LANES) --only "$(ONLY)" \
	    --write docs/reference

faults-quick: setup ## The seven kinds of faults of the gate, over 300 orders each; needs root on Linux
	$(RUN) -m tests.faults --quick --orders 300 --lanes $(LANES)

# How many seeds, or which one, and without which guard: make simulate SEED=123, make simulate SEEDS=50 WITHOUT=inbox
simulate: SEEDS ?= 200
FIRST ?= 1
SEED ?=
WITHOUT ?=

simulate: setup ## Play seeds of faults against the five services [SEEDS=2000] [SEED=123] [WITHOUT=inbox]
	$(RUN) -m tests.simulation --seeds $(SEEDS) --first $(FIRST) $(if $(SEED),--seed $(SEED)) \
	    $(if $(WITHOUT),--without $(WITHOUT))

# Worked out apart: by pandas, and by SQL over the files. LINES names the whole Online Retail; without it the companies only.
history: LINES ?=
history: setup ## Compare all figures of whole histories with what was worked out apart [LINES=online_retail.csv]
	MERIDIAN_HISTORY=whole MERIDIAN_ONLINE_RETAIL=$(LINES) $(RUN) -m deploy.setup.servers -- \
	    $(RUN) -m pytest -n 0 -s -q tests/history/test_companies.py tests/history/test_online_retail.py

simulate-properties: setup ## Play the state machines of stock, ledger, allocation and credit for long, on both engines
	HYPOTHESIS_PROFILE=nightly $(RUN) -m deploy.setup.servers -- $(RUN) -m pytest -n $(WORKERS) -k machine \
	    services/inventory/tests services/finance/tests $(ARGS)

##@ Change it

setup: ## Make .venv with the pinned packages of requirements/dev.txt, and build the web console
	@deploy/setup/venv.sh dev
	@$(CONSOLE)

setup-runtime:
	@deploy/setup/venv.sh runtime

console: setup-runtime ## Build the web console into gateway/console/dist, when its sources have changed
	@$(CONSOLE)

# The pictures of docs/console; or every screen, or some, for looking: make screenshots SCREENS=all INTO=/tmp/pictures
screenshots: SCREENS ?=
screenshots: INTO ?= docs/console
screenshots: setup ## Take the pictures of docs/console anew, or look at screens [SCREENS="order figures"] [INTO=folder]
	$(RUN) -m tests.console.screenshots $(INTO) $(SCREENS)

test: setup ## Run every test; finds or starts PostgreSQL and RabbitMQ [ARGS="-k ledger"] [WORKERS=4]
	@deploy/setup/browser.sh
	$(RUN) -m deploy.setup.servers -- $(RUN) -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

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
	    /^[a-z0-9-]+:.*## / { printf "  %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
