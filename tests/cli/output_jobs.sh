#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The reports are byte-identical for any number of threads and any pack layout.
. "$(dirname "$0")/common.inc"

bash "$root/fixtures/repos/everywhere.sh" "$work/here" > /dev/null
for jobs in 1 2 8; do
  run 1 history repo -j "$jobs" --json "$out/$jobs.json" --sarif "$out/$jobs.sarif"
  run 1 history repo -j "$jobs"
  cp "$stdout" "$out/$jobs.txt"
done
for other in 2 8; do for form in json sarif txt; do cmp "$out/1.$form" "$out/$other.$form"; done; done
git -C repo repack -adkq
run 1 history repo -j 8 --json "$out/packed.json" --sarif "$out/packed.sarif"
cmp "$out/1.json" "$out/packed.json"
cmp "$out/1.sarif" "$out/packed.sarif"
run 2 history repo -j 0
run 2 history repo -j many
