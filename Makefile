# Every target says in one line what it does; `make help` lists them.
SHELL := /bin/bash
SWIFT ?= swift
DATASOURCE ?= embedded
SECONDS_ARG := $(if $(filter command line,$(origin SECONDS)),$(SECONDS),)

# A crash says where, in few lines: the crashed thread, without registers and lists of libraries.
export SWIFT_BACKTRACE ?= enable=yes,threads=crashed,registers=none,images=none,limit=40

.DEFAULT_GOAL := help
.PHONY: help deps deps-test build test lint format demo examples bench fuzz image golden screenshots clean check

help: ## Lists the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  \1\t/' | expand -t 14

deps: ## Installs the Debian packages that building and the demo need, where they are missing
	@scripts/install-packages build demo

deps-test: ## Installs what the tests need besides, where it is missing
	@scripts/install-packages build demo test

build: deps ## Builds `belfry` (debug)
	$(SWIFT) build --product belfry

test: deps-test ## Runs every test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip ControllerTests
	$(SWIFT) test --skip-build --filter ControllerTests

lint: deps ## Checks format, imports, forbidden calls and doc comments
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests
	scripts/lint
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

format: ## Formats all Swift files in place
	$(SWIFT) format format --in-place --recursive --parallel Package.swift Sources Tests

demo: build ## Shows a git commit becoming live alerting; SECONDS=30 ends by itself, DATASOURCE=prometheus with a server
	@DATASOURCE=$(DATASOURCE) scripts/demo $(SECONDS_ARG)

examples: build ## Checks, tests and plans the example repository
	.build/debug/belfry check examples/tenants
	.build/debug/belfry test examples/tenants
	.build/debug/belfry diff examples/tenants
	.build/debug/belfry test examples/monitoring/belfry.test.yaml

bench: deps-test ## Measures speed and memory in a release build; see docs/benchmarks.md
	$(SWIFT) build -c release --product belfry
	$(SWIFT) build -c release --product belfry-bench
	.build/release/belfry-bench

fuzz: deps-test ## Runs parsers and engine on mutated inputs, for a minute and as long as the tests need
	$(SWIFT) build -c release --product belfry-fuzz
	.build/release/belfry-fuzz --seconds 60
	BELFRY_FUZZ_FACTOR=50 $(SWIFT) test --filter 'trap|never a stop|read or refused|what still reads|without stopping'

golden: deps-test ## Runs the tests and writes the golden files anew; read the difference as product copy
	RECORD=1 $(SWIFT) test

screenshots: deps-test ## Takes the pictures of docs/images anew, in headless Chromium
	RECORD=1 $(SWIFT) test --filter 'Pictures of the dashboard'

image: ## Builds the container image `belfry`
	docker build -t belfry .

check: lint test examples ## All that a change must pass

clean: ## Removes what was built
	rm -rf .build
