# Every verb here is what continuous integration runs; nothing runs there that cannot be run here.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
ONLY ?=
UPGRADE ?=
ROLE ?=
ALL ?=
OPTIONAL ?=
JOBS ?= auto

.PHONY: help
help: ## these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: ## install what the tests need
	@tools/setup.sh test

.PHONY: setup-run
setup-run: ## install what the demo needs
	@tools/setup.sh run

.PHONY: install
install: ## on a shop's machine, as root: ROLE=station, kiosk or scanner, or several in quotes
	@tools/install.sh $(ROLE)

.PHONY: uninstall
uninstall: ## removes the program from a shop's machine; configuration and data stay
	@tools/install.sh --remove

.PHONY: demo
demo: setup-run ## the whole counter on this machine: broker, station, device, kiosk; Ctrl-C ends it
	@$(BIN)/comptoir demo

.PHONY: demo-fleet
demo-fleet: setup-run ## a release desk, a web server and two devices that update themselves; Ctrl-C ends it
	@$(BIN)/comptoir demo-fleet

.PHONY: test
test: setup ## all tests, a file on each core; pytest's closing line comes last
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -r fER

.PHONY: test-system
test-system: ## on a booted machine (QEMU): units, scanners, kills; ALL=1 also power cuts; OPTIONAL=1 where it can run
	@ALL=$(ALL) OPTIONAL=$(OPTIONAL) tools/test_system.sh

.PHONY: fuzz
fuzz: setup ## a minute each of hostile keys, serial bytes, codes and messages; guided where atheris is installed
	@for target in key_events serial_bytes code_text message; do $(BIN)/python -m tests.fuzz $$target 60 || exit 1; done

.PHONY: check
check: setup ## style, types, layers, spelling, missing words of the kiosk
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell
	@$(BIN)/python -m tools.words --check

.PHONY: bench
bench: setup ## measure, one JSON object a line; ONLY=scan_to_result runs one
	@$(BIN)/python -m tests.bench $(ONLY)

.PHONY: shots
shots: setup ## screenshots of every screen, into build/shots/
	@$(BIN)/python -m tools.shots

.PHONY: accept
accept: setup ## take the pictures of the kiosk's screens as they are now for the accepted ones
	@$(BIN)/python -m tools.shots --accept

.PHONY: rows
rows: setup ## each requirement row with the tests that prove it
	@$(BIN)/python -m tools.rows

.PHONY: lock
lock: setup ## pin versions with hashes; pins that still fit stay, UPGRADE=1 takes the newest
	@UPGRADE=$(UPGRADE) tools/lock.sh

.PHONY: words
words: setup ## compile the kiosk's and the pages' catalogues of words
	@$(BIN)/python -m tools.words

.PHONY: picture
picture: setup ## take the picture in the README from the running demo
	@$(BIN)/python -m tools.picture

.PHONY: messages
messages: setup ## write docs/messages.md, docs/asyncapi.json and docs/openapi.json from the models
	@$(BIN)/python -m tools.message_docs

.PHONY: clean
clean: ## remove everything that was made here
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
