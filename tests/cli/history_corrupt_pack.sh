#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Bytes changed in a pack: exit status not 0, the pack named, the rest scanned.
. "$(dirname "$0")/common.inc"

new_repo
for i in 1 2 3 4 5 6 7 8; do head -c 3000 /dev/urandom | base64 > "file$i"; done
commit
git repack -adq
echo "$(token leak)" > leak
commit
pack=$(echo .git/objects/pack/*.pack)
chmod u+w "$pack"
dd if=/dev/zero of="$pack" bs=1 seek=5000 count=2000 conv=notrunc status=none
run 1 history --json "$out/report.json"
check "$out/report.json" 'not r["complete"] and [f["path"] for f in F] == ["leak"]'
grep -q "pack-" "$out/report.json"
