#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs sealwarden, after building it if that is needed: ./sealwarden.sh history PATH --sarif report.sarif
# Installs missing Debian packages (it says which; sudo if not root), builds into build/release, touches nothing else.
set -eu
root=$(dirname "$(readlink -f "$0")")
release=$root/build/release
program=$release/sealwarden

# Nothing newer than the last build, and the libraries it was linked with are still there.
is_current() {
  [ -x "$program" ] && [ -e "$release/.built" ] && [ -e "$release/.libraries" ] || return 1
  while read -r library; do
    [ -e "$library" ] || return 1
  done < "$release/.libraries"
  changed=$(cd "$root" &&
    find CMakeLists.txt CMakePresets.json cmake scanner rules git report -newer "$release/.built" -print -quit)
  [ -z "$changed" ]
}

# A chain: `set -e` does not hold left of a ||, where this is called.
build() {
  . "$root/cmake/setup.sh"
  # The time before the build counts: what changes while it runs is built by the next call.
  install_packages build && say "building $program" && cd "$root" && touch "$release/.built.new" &&
    cmake --preset release -DBUILD_TESTING=OFF >&2 &&
    cmake --build build/release --target sealwarden >&2 &&
    ldd "$program" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' > "$release/.libraries" &&
    mv "$release/.built.new" "$release/.built"
}

if ! is_current; then
  mkdir -p "$release" || exit 4
  # A second call waits for the first instead of building beside it. A failed build is exit code 4, never 1 (findings).
  (
    flock 9
    is_current || build
  ) 9> "$release/.lock" || exit 4
fi
exec "$program" "$@"
