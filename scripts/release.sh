#!/usr/bin/env bash
# Checks a release before anything is published, and publishes nothing. Half an hour of one core.
#
#   scripts/release.sh            all checks
#   scripts/release.sh texts      licences, metadata, versions, changelog: seconds
#   scripts/release.sh oldest     every crate compiles with the oldest compiler that Cargo.toml promises
#   scripts/release.sh packages   every crate packs, and builds from what is packed
#   scripts/release.sh wheel      the Python wheel, built twice in two places, has the same hash
#
# Before `cargo publish --workspace --exclude dam-python` and `twine upload`:
#   * [workspace.package] repository = "https://…" in Cargo.toml, `repository.workspace = true` in each crate, and
#     [project.urls] in python/pyproject.toml. Only with it crates.io shows the picture of README.md: the registry takes
#     relative paths from the repository (GitHub, GitLab, Bitbucket), not from the package.
#   * the date in CHANGELOG.md in place of (unreleased), and in CITATION.cff (date-released); a tag of that commit.
#   * ownership of the names: dense-associative-memory and the dam-* crates on crates.io, dense-associative-memory on PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."

members() {
    cargo metadata --no-deps --format-version 1 --locked |
        python3 -c 'import json, sys
for package in json.load(sys.stdin)["packages"]:
    if package["publish"] != []:
        print(package["name"], package["manifest_path"].removesuffix("/Cargo.toml"), package["version"])'
}

texts() {
    local version name folder its
    version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
    members | while read -r name folder its; do
        [ "$its" = "$version" ] || { echo "$name has version $its, the workspace $version"; exit 1; }
        for licence in LICENSE-MIT LICENSE-APACHE; do
            cmp "$licence" "$folder/$licence"
        done
        grep -q . "$folder/README.md" || { echo "$name has no README.md"; exit 1; }
    done
    for licence in LICENSE-MIT LICENSE-APACHE; do cmp "$licence" "python/$licence"; done
    grep -q "^## $version" CHANGELOG.md || { echo "CHANGELOG.md has no section $version"; exit 1; }
    grep -q "^version: $version" CITATION.cff || { echo "CITATION.cff is not of version $version"; exit 1; }
    if grep -q "^## $version (unreleased)" CHANGELOG.md; then echo "to do: the date of $version in CHANGELOG.md"; fi
    if ! grep -q '^repository' Cargo.toml; then echo "to do: repository in Cargo.toml, see the head of this file"; fi
}

oldest() {
    local compiler
    compiler=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    cargo "+$compiler" check --workspace --locked
}

packages() {
    # dam-python is published as a wheel
    cargo package --workspace --exclude dam-python --locked
    ls -l "${CARGO_TARGET_DIR:-target}"/package/*.crate
}

# One wheel of a commit, from a checkout of its own.
wheel_of() {
    local commit=$1 place=$2
    git clone --quiet . "$place/checkout"
    git -C "$place/checkout" checkout --quiet --detach "$commit"
    (
        cd "$place/checkout"
        # no path of this machine in the wheel, and the time of the commit in its archive
        export CARGO_TARGET_DIR="$place/target" SOURCE_DATE_EPOCH
        SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
        RUSTFLAGS="--remap-path-prefix=$PWD=. --remap-path-prefix=$CARGO_TARGET_DIR=target"
        export RUSTFLAGS="$RUSTFLAGS --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
        maturin build --manifest-path python/Cargo.toml --locked --profile "${WHEEL_PROFILE:-release}" --out "$place/wheels" \
            >"$place/log" 2>&1 || { tail -n 20 "$place/log"; exit 1; }
    )
    (cd "$place/wheels" && sha256sum ./*.whl)
}

wheel() {
    local room commit first second
    command -v maturin >/dev/null || { echo "needs maturin: pip install 'maturin>=1.9,<2'"; exit 1; }
    room=$(mktemp -d)
    mkdir -p "$room/one" "$room/another-and-longer"
    commit=$(git rev-parse HEAD)
    first=$(wheel_of "$commit" "$room/one")
    second=$(wheel_of "$commit" "$room/another-and-longer")
    printf '%s\n%s\n' "$first" "$second"
    [ "$first" = "$second" ] || { echo "the two wheels in $room differ"; exit 1; }
    rm -rf "$room"
}

for check in "${@:-texts oldest packages wheel}"; do
    for one in $check; do
        echo "== $one"
        "$one"
    done
done
