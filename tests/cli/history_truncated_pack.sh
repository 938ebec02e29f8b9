#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A pack cut in half, and one without its index's right size: incomplete, no crash.
. "$(dirname "$0")/common.inc"

new_repo
for i in 1 2 3 4 5 6 7 8; do head -c 3000 /dev/urandom | base64 > "file$i"; done
commit
git repack -adq
pack=$(echo .git/objects/pack/*.pack)
chmod u+w "$pack" "${pack%.pack}.idx"
for size in 12000 31 1 0; do
  truncate -s "$size" "$pack"
  run 3 history --json "$out/report.json"
  check "$out/report.json" 'not r["complete"] and loss'
done
truncate -s 100 "${pack%.pack}.idx"
run 3 history
