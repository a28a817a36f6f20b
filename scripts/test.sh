#!/bin/sh
# Everything that must hold before a change is merged: sh scripts/test.sh
# Arguments go to pytest. All steps run; those that failed are named at the end.
set -eu
. "$(dirname -- "$0")/environment.sh"
environment dev
cd "$root"
PATH=$venv/bin:$PATH
NO_MKDOCS_2_WARNING=1  # an announcement of the theme's authors, not a warning about these pages
export PATH NO_MKDOCS_2_WARNING

failed=
step() {
    printf '\n== %s\n' "$*"
    "$@" || failed="$failed
  $*"
}

step ruff check
step ruff format --check
step mypy --strict src
step lint-imports --no-logo
step mkdocs build --strict --quiet
step pathways fmt --check rules
step pathways validate rules
step pathways test rules
step pytest --numprocesses auto --dist worksteal --cov "$@"

if [ -n "$failed" ]; then
    printf '\nfailed:%s\n' "$failed"
    exit 1
fi
