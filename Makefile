# make demo   count the people in a drawn picture with the bundled model
# make test   lint, types, import directions, tests and doctests

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

.PHONY: demo test lint types directions tests clean

demo: $(VENV)/.base
	$(BIN)/uepnet demo --out out/demo

test: lint types directions tests

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

directions: $(VENV)/.test
	$(BIN)/lint-imports

tests: $(VENV)/.test
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses 2 --dist loadgroup

clean:
	rm -rf $(VENV) out build dist

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "uepnet needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing what counting needs (numpy, scipy, onnxruntime and little else); half a minute or more"
	$(INSTALL) --editable .
	touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing what the tests need (PyTorch among it); a minute or more"
	$(INSTALL) --editable '.[test]'
	touch $@
