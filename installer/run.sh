#!/bin/sh
# Installs what is missing, then runs `tillkeeper ARGS…`: sh installer/run.sh [ARGS…]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=installer/setup.sh
. "$root/installer/setup.sh"

setup run

# Without a screen there is no window to open.
if [ $# -eq 0 ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname)" != Darwin ]; then
    set -- check --demo
fi
unset PYTHONDONTWRITEBYTECODE # compiled once, every later start is a second faster
# -P: a folder named console where the person stands is not ours.
exec "$venv/bin/python" -P -m console "$@"
