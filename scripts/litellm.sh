#!/usr/bin/env bash
# A real gateway for the tests: LiteLLM's proxy, in an environment of its own. Prints the path of its command.
# It is installed once and kept. With --found nothing is installed: it fails where nothing is there.
set -euo pipefail

version=1.106.0
cache="${XDG_CACHE_HOME:-$HOME/.cache}/footnote"
environment="$cache/litellm-$version"
whole="$environment/.whole" # written last: an environment cannot be moved to its place when it is finished
uv="$(dirname "$0")/../.venv/bin/uv"

if [ ! -e "$whole" ]; then
    [ "${1:-}" != --found ] || exit 1
    if [ ! -x "$uv" ]; then
        echo "LiteLLM is installed with the uv of .venv: run \`make setup\` first." >&2
        exit 1
    fi
    mkdir -p "$cache"
    "$uv" venv --quiet --clear "$environment" >&2
    "$uv" pip install --quiet --compile-bytecode --python "$environment" "litellm[proxy]==$version" >&2
    touch "$whole"
fi
echo "$environment/bin/litellm"
