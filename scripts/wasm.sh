#!/usr/bin/env bash
# Compiles the theory for pages of `dam report`: theory/wasm for wasm32, into plots/report/theory/, with the hash of the
# sources that it is made of. `scripts/wasm.sh` after every change of theory/src or theory/wasm; a test tells when it is due.
set -euo pipefail
cd "$(dirname "$0")/.."

rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
cargo build --release --locked --target wasm32-unknown-unknown --manifest-path theory/wasm/Cargo.toml --target-dir "$target"

place=plots/report/theory
mkdir -p "$place"
gzip -9nc "$target/wasm32-unknown-unknown/release/dam_theory_wasm.wasm" >"$place/theory.wasm.gz"
# By name, so that the order is that of the test: of each file its hash and its path.
find theory/src theory/wasm/src theory/Cargo.toml theory/wasm/Cargo.toml theory/wasm/Cargo.lock -type f |
    LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1 >"$place/sources.sha256"
rustc --version >"$place/compiler.txt"
wc -c "$place/theory.wasm.gz"
