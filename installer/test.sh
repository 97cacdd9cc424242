#!/bin/sh
# Installs what is missing, then proves the checkout:
#   sh installer/test.sh              lint, types, import contracts, the whole test suite
#   sh installer/test.sh bench        the benchmarks
#   sh installer/test.sh ARGS…        pytest ARGS…, seen from the checkout's top
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=installer/setup.sh
. "$root/installer/setup.sh"

setup test avahi-daemon cups cups-client cups-ipp-utils dbus dnsmasq-base gir1.2-umockdev-1.0 iproute2 nftables openssl \
    python3-gi umockdev xauth xdotool xvfb
cd -- "$root"

step() {
    name=$1
    shift
    printf '\n==== %s\n' "$name"
    "$@" || {
        code=$?
        printf '\ntest.sh: stopped at: %s\n' "$name" >&2
        exit "$code"
    }
}

venv_python() {
    "$venv/bin/python" "$@"
}

if [ "${1:-}" = bench ]; then
    shift
    export PYTEST_TIMEOUT="${PYTEST_TIMEOUT:-1800}"
    if command -v xvfb-run >/dev/null 2>&1; then
        step benchmarks xvfb-run --auto-servernum --server-args='-screen 0 1280x1024x24 -noreset' "$venv/bin/python" -m pytest -m bench --benchmark-enable tests/bench "$@"
    else
        export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
        step 'benchmarks (no xvfb-run: offscreen)' venv_python -m pytest -m bench --benchmark-enable tests/bench "$@"
    fi
    exit
fi

export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
export PYTEST_TIMEOUT="${PYTEST_TIMEOUT:-180}" # seconds a test; a test by hand may be stopped in a debugger
if [ $# -gt 0 ]; then
    step tests venv_python -m pytest "$@"
    exit
fi
step 'lint' venv_python -m ruff check
step 'format' venv_python -m ruff format --check
step 'types' venv_python -m mypy
step 'import contracts' "$venv/bin/lint-imports" --no-logo
step 'tests' venv_python -m pytest -n 2
