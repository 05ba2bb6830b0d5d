#!/bin/sh
# Make .venv ready: Python, the pinned packages of the given lock file, and regnet itself.
set -eu
lock=$1

say() { printf '%s\n' "$*"; }
stop() { say "$*" >&2; exit 1; }

find_python() {
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            say "$python"
            return
        fi
    done
    stop "regnet needs Python 3.11 or newer, and python3 is" \
        "$(python3 -V 2>/dev/null || echo 'missing'). On Debian 12: apt-get install -y python3 python3-venv"
}

# As root directly, with sudo where no password is asked for, or else tell what to type.
install_system() {
    say "Installing system packages: $*"
    if [ "$(id -u)" = 0 ]; then as_root=''
    elif sudo -n true 2>/dev/null; then as_root='sudo'
    else stop "Some system packages are missing. Please run: sudo apt-get install -y $*"
    fi
    if ! command -v apt-get >/dev/null; then
        stop "Please install the libraries that Debian calls: $*"
    fi
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        [ "$version" != python3.11 ] || version=python3
        install_system "$version-venv"
    fi
    say "Setting up regnet in .venv with $("$python" -V); this takes a minute or two the first time."
    rm -rf .venv
    "$python" -m venv .venv
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check -qq "$@"; }
pip install --require-hashes -r "$lock"
pip install --no-deps --no-build-isolation -e .

# The window needs libraries of the system; the engine and the command line do not.
lacks_library() {
    ! .venv/bin/python -c 'import PySide6.QtWidgets' 2>/dev/null ||
        ldd .venv/lib/python3*/site-packages/PySide6/Qt/plugins/platforms/libqxcb.so |
        grep -q 'not found'
}

if [ -f gui/__main__.py ] && lacks_library; then
    install_system libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon0 \
        libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 \
        libxcb-render-util0 libxcb-shape0 libxkbcommon-x11-0
fi
