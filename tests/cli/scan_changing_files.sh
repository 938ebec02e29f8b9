#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Files that change, grow and vanish during the scan: no crash, and never silently clean.
. "$(dirname "$0")/common.inc"

mkdir folder
for i in $(seq 200); do head -c 20000 /dev/zero | tr '\0' x > "folder/$i"; done
(for round in 1 2 3 4 5 6; do
  for i in $(seq 200); do echo "$round" >> "folder/$i"; rm -f "folder/$(((i * 7) % 200 + 1))"; done
done) 2> /dev/null &
for round in 1 2 3 4 5; do run "0|3" scan folder --json "$out/report.json"; done
check "$out/report.json" 'r["complete"] == (not loss)'
wait
