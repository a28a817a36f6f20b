# Sourced by the scripts beside it. `environment core` or `environment dev` sees to it that .venv in the checkout holds
# this project as an editable install, with what it needs to run or to be tested; done once, then a few milliseconds.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=$root/.venv
compiled=$root/src/pathways/shipped.json

environment() {
    recent_python "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || new_venv
    # The folder is part of it: a moved checkout is installed again.
    wanted="$root $(cat "$root/pyproject.toml" "$root/hatch_build.py" | cksum)"
    if ! installed "$1"; then
        say "installing into .venv (once)"
        install "$1"
        printf '%s\n' "$wanted" >"$venv/installed-$1"
    elif changed; then
        # Compiled anew; where the rules are at fault, the command that follows says so.
        "$venv/bin/python" -c 'import sys; from pathlib import Path; from pathways import shipped; shipped.write(*map(Path, sys.argv[1:]))' \
            "$root/rules" "$compiled" 2>/dev/null || rm -f "$compiled"
    fi
}

recent_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

new_venv() {
    for python in python3.11 python3 python; do
        if recent_python "$python"; then
            say "making .venv with $python"
            "$python" -m venv --clear "$venv" && return
            say "'$python -m venv' failed; on Debian it needs the package python3-venv"
            exit 2
        fi
    done
    say "needs Python 3.11 or later as python3.11, python3 or python"
    exit 2
}

# What tests need holds what a run needs.
installed() {
    for kind in "$1" dev; do
        if [ -f "$venv/installed-$kind" ] && [ "$(cat "$venv/installed-$kind")" = "$wanted" ]; then
            return 0
        fi
    done
    return 1
}

install() {
    case $1 in
        core) what=$root ;;
        *) what="$root[$1]" ;;
    esac
    "$venv/bin/python" -m pip install -qq --no-input --disable-pip-version-check --editable "$what" </dev/null || {
        say "the installation failed"
        exit 2
    }
}

changed() {
    [ ! -f "$compiled" ] || [ -n "$(find "$root/rules" "$root/src/pathways" \( -name '*.yaml' -o -name '*.py' -o -path "$root/rules" \) -newer "$compiled")" ]
}

say() {
    printf '%s\n' "$*" >&2
}
