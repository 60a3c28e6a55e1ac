#!/bin/sh
# Damaged input for everything that dam reads: `scripts/fuzz.sh [CASES]`, 100 000 cases a target by
# default. With nightly and cargo-fuzz the targets run under libFuzzer, else under the stable
# harness of fuzz/src/main.rs with its own random numbers. `numbers` takes a hundredth of the cases.
set -eu
cd "$(dirname "$0")/.."
cases=${1:-100000}
cargo build --quiet --bin dam
DAM=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/dam
export DAM
if [ "${FUZZ:-}" != stable ] && cargo +nightly fuzz --version >/dev/null 2>&1; then
    for target in job_file result_files images numbers; do
        runs=$cases
        [ $target = numbers ] && runs=$((cases / 100))
        case $target in
        job_file) seeds="sims/jobs sims/validation" ;;
        *) seeds="fuzz/seeds/$target" ;;
        esac
        mkdir -p fuzz/corpus/$target
        # shellcheck disable=SC2086
        cargo +nightly fuzz run --features libfuzzer "$target" "fuzz/corpus/$target" $seeds -- \
            -runs="$runs" -rss_limit_mb=2048 -timeout=20
    done
else
    cargo run --quiet --manifest-path fuzz/Cargo.toml --bin cases -- "$cases"
fi
