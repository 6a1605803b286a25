#!/usr/bin/env bash
# axe-core, which finds what keeps people out of a page. Prints the path of its script.
# It is fetched once from npm and kept. With --found nothing is fetched: it fails where nothing is there.
set -euo pipefail

version=4.11.0
cache="${XDG_CACHE_HOME:-$HOME/.cache}/footnote"
script="$cache/axe-core-$version/axe.min.js"

if [ ! -e "$script" ]; then
    [ "${1:-}" != --found ] || exit 1
    if ! command -v npm >/dev/null; then
        echo "axe-core needs npm (Debian: apt-get install npm)." >&2
        exit 1
    fi
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/fetching-XXXXXX") # beside its place, so that moving it there is one step
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && npm pack --silent "axe-core@$version") >/dev/null
    tar -xzf "$work/axe-core-$version.tgz" -C "$work"
    rm -rf "${script%/*}"
    mv "$work/package" "${script%/*}"
fi
echo "$script"
