#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The whole test suite, as CI runs it: installs missing Debian packages, builds the preset ci, runs every test, and replays
# the corpora of the fuzz targets under AddressSanitizer and UndefinedBehaviorSanitizer.
# The last line is "N passed, N failed"; the exit status is 1 if any test failed, 4 if it could not be built.
set -eu
root=$(dirname "$(readlink -f "$0")")
. "$root/cmake/setup.sh"
install_packages build test
cd "$root"
passed=0 failed=0

# run_suite PRESET TARGET CTEST-ARGUMENTS...: builds, tests, adds to the sums.
run_suite() {
  preset=$1 target=$2 result=$root/build/$1/result.xml
  shift 2
  cmake --preset "$preset" || exit 4
  cmake --build --preset "$preset" --target "$target" || exit 4
  rm -f "$result"
  ctest --preset "$preset" --output-junit "$result" "$@" || true
  total=$(count tests) bad=$(count failures) skipped=$(($(count skipped) + $(count disabled)))
  [ "${total:-0}" -gt 0 ] || { say "no test ran in the preset $preset"; exit 4; }
  [ "$skipped" = 0 ] || echo "$skipped skipped; the list above says which"
  passed=$((passed + total - bad - skipped)) failed=$((failed + bad))
}
# The first number called $1 in the head of ctest's result.
count() { sed -n "s/^.*[[:space:]]$1=\"\([0-9]*\)\".*$/\1/p" "$result" 2>/dev/null | head -1; }

run_suite ci all
run_suite asan fuzz_targets -L fuzz
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
