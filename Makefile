# captionwatch: the commands of its developers. Each makes what it needs, and is fast the second time.
#   make demo [FILE=recording] [CHAT=discord]   the whole route on a sample, with no account anywhere
#   make test [ARGS=-k…]                        all tests, by two processes; or those that ARGS choose, by one
#   make check                                  format, lint, types
#   make bench [ARGS=--quick]                   the numbers, each a command of bench/

SHELL := bash
.SHELLFLAGS := -o pipefail -c

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt -e
# Of pip's many lines, those that show that it goes on: what is big, and the last step.
SHORT := | sed -u -n 's/^ *\(Downloading [^ ]* ([0-9.]* [MG]B)\).*/  \1/p; s/^\(Installing collected packages\).*/  \1/p'
# systemd-analyze checks the units. In a container, as root, it is installed; elsewhere those tests are skipped.
INSTALL_SYSTEMD := test "$$(id -u)" = 0 && apt-get update && apt-get install -y --no-install-recommends systemd
NO_SYSTEMD := There is no systemd-analyze here: the tests that need it are skipped.
# An editable install knows the top packages that there were when it was made.
PACKAGES := pyproject.toml constraints.txt $(wildcard */__init__.py)
SOURCES := captions store daemon bot sandbox tests bench
# All tests at once, half of them for each process, and the one that is done first takes from the other: the tests
# of a file stay together but for those, with what they start once. A choice is done before a second process is there.
ALL_TESTS := -n 2 --dist worksteal
BENCHMARKS := accuracy engines align condition caption start daemon discord

.PHONY: demo test check format bench clean

demo: $(VENV)/installed-demo
	@$(BIN)/python -m sandbox $(if $(CHAT),--chat "$(CHAT)") $(if $(FILE),--file "$(FILE)")

test: $(VENV)/installed-test
	$(BIN)/python -m pytest $(or $(ARGS),$(ALL_TESTS))

check: $(VENV)/installed-check
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

format: $(VENV)/installed-check
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: $(VENV)/installed-test
	@missed=0; for bench in $(BENCHMARKS); do $(BIN)/python -m bench.$$bench $(ARGS) || missed=1; done; exit $$missed

clean:
	rm -rf $(VENV) build *.egg-info

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python has no venv: on Debian, apt install python3-venv"; exit 1; }

$(VENV)/installed-demo: $(PACKAGES) | $(BIN)/python
	@echo "Installing what the demo needs: about 1 GB, a minute or two."
	@$(INSTALL) '.[demo]' $(SHORT)
	@touch $@

$(VENV)/installed-check: $(PACKAGES) | $(BIN)/python
	@echo "Installing what the checks need: about 1 GB, a minute or two."
	@$(INSTALL) '.[demo,dev,bench]' $(SHORT)
	@touch $@

$(VENV)/installed-test: $(PACKAGES) | $(BIN)/python
	@echo "Installing what the tests need, torch included: about 7 GB, some minutes."
	@command -v systemd-analyze >/dev/null || { $(INSTALL_SYSTEMD); } >/dev/null 2>&1 || echo "$(NO_SYSTEMD)"
	@$(INSTALL) '.[demo,dev,bench,voices,parakeet,fireredasr]' $(SHORT)
	@touch $@ $(VENV)/installed-demo $(VENV)/installed-check
