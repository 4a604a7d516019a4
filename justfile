# Recipes that people and CI share. `just` lists them. The tools come from the environment in .venv, else from the PATH.

export PATH := justfile_directory() / ".venv/bin" + ":" + env("PATH")

_list:
    @just --list --unsorted

# Make .venv with everything that tests and checks need
install:
    python3 -m venv .venv
    .venv/bin/python -m pip install --quiet -e ".[test,dev]"

# Run all tests, those of rooms (`just test intake`, `just test rules/checks`), or what else pytest understands
test *args:
    python -m pytest {{ if args =~ '^[a-z]' { "tests/" + replace(args, " ", " tests/") } else { args } }}

# The checks of style, types and imports
lint:
    ruff check .
    ruff format --check .
    lint-imports --no-cache
    mypy

# Put the code into its form
format:
    ruff check --fix .
    ruff format .

# All tests, with the share of lines and branches they reach
coverage:
    python -m pytest --cov=ruralpb --cov-branch --cov-report=term:skip-covered --cov-report=html

# Write docs/cli.md, the help pages and the digest of the library again
docs:
    python docs/generate.py

# One digest per export, document and screen of the sample project; `just digests NEW.json` and compare with an older one
digests *args:
    python scripts/output_digests.py {{ args }}

# Everything a change must pass before it is handed in
check: lint test
