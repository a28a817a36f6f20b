#!/bin/sh
# Decide a case from a fresh checkout: sh scripts/decide.sh epistaxis --given nasal_bleeding_now=yes --given age_years=7
# The arguments are those of `pathways triage`; with none it asks.
set -eu
. "$(dirname -- "$0")/environment.sh"
environment core
exec "$venv/bin/pathways" triage "$@"
