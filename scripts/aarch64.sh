#!/usr/bin/env bash
# Runs the tests of the kernel on aarch64 under emulation: that processor has the portable text of the update alone, whose
# speed no emulator tells. Minutes; needs qemu-user, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross.
#
#   scripts/aarch64.sh [a part of the names of tests]
set -euo pipefail
cd "$(dirname "$0")/.."

for program in qemu-aarch64 aarch64-linux-gnu-gcc; do
    command -v "$program" >/dev/null ||
        { echo "needs $program: apt-get install qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross"; exit 1; }
done
rustup target add aarch64-unknown-linux-gnu >/dev/null 2>&1 || true
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
cargo test --locked -p dam-memory --target aarch64-unknown-linux-gnu --test tests -- "${1:-kernel}"
