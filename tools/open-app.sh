#!/bin/sh
# Open the app with a model, where there is an app and a screen to show it on.
set -eu
if [ -f gui/__main__.py ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec .venv/bin/regnet gui "$@"
fi
