#!/usr/bin/env bash
# A real server for the tests: llama.cpp's `llama-server`, compiled from the source package of llama-cpp-python.
# Prints its path. It is compiled once (minutes) and kept; it appears there only when it is finished.
# With --found nothing is compiled: it fails where nothing is there.
set -euo pipefail

version=0.3.36
cache="${XDG_CACHE_HOME:-$HOME/.cache}/footnote"
server="$cache/llama-server-$version"

if [ ! -x "$server" ]; then
    [ "${1:-}" != --found ] || exit 1
    if ! command -v cmake >/dev/null || ! command -v c++ >/dev/null; then
        echo "llama-server needs cmake and a C++ compiler (Debian: apt-get install cmake g++)." >&2
        exit 1
    fi
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/building-XXXXXX") # beside its place, so that moving it there is one step
    trap 'rm -rf "$work"' EXIT
    {
        "${PYTHON:-python3}" -m venv "$work/venv"
        "$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
            --no-binary llama-cpp-python --dest "$work" "llama-cpp-python==$version"
        tar -xzf "$work/llama_cpp_python-$version.tar.gz" -C "$work" --strip-components=1
        # -O1: it compiles sooner, and its model is tiny. NATIVE=OFF: the file also runs on the next machine.
        cmake -S "$work/vendor/llama.cpp" -B "$work/build" -DCMAKE_BUILD_TYPE=Release \
            -DCMAKE_C_FLAGS_RELEASE=-O1 -DCMAKE_CXX_FLAGS_RELEASE=-O1 -DGGML_NATIVE=OFF -DBUILD_SHARED_LIBS=OFF \
            -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF \
            -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF
        cmake --build "$work/build" --target llama-server -j2
    } >&2
    strip "$work/build/bin/llama-server"
    mv "$work/build/bin/llama-server" "$server"
fi
echo "$server"
