#!/usr/bin/env bash
# Builds the Python package without optimisation, and tests it beside the program of the debug build.
#
# What it installs comes from PyPI. Everything stays in target/python; the extension shares target/ with the
# default build.
set -euo pipefail
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-$PWD/../target}
mkdir -p "$target/python"
environment=$target/python/environment
if ! [ -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --disable-pip-version-check -r tests/requirements.txt
CARGO_TARGET_DIR=$target "$environment/bin/maturin" build --profile dev --quiet --locked \
    --interpreter "$environment/bin/python" --out "$target/python/wheels"
"$environment/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps \
    "$target"/python/wheels/copydesk-*.whl
"$environment/bin/mypy" --strict python/copydesk
# Beside the package, not in it: what is tested is what was installed.
COPYDESK_BIN=${COPYDESK_BIN:-$target/debug/copydesk} "$environment/bin/python" -m pytest --quiet "$@"
