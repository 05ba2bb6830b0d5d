#!/bin/sh
# Pin every package for all supported Pythons, with hashes and without the place they come from.
set -eu
command -v uv >/dev/null || PATH="$PWD/.venv/bin:$PATH"
lock() {
    uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
        --no-header pyproject.toml "$@"
}
lock --extra all --extra dev -o requirements.txt
lock --extra bench -c requirements.txt -o requirements-bench.txt
lock --extra docs -c requirements.txt -o requirements-docs.txt
