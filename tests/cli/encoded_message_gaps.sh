#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What cannot be read of an encoded text in a message is in the ledger, as it is for files.
. "$(dirname "$0")/common.inc"

new_repo
echo harmless > file
commit first
base=$(git rev-parse HEAD)
bomb=$(python3 -c 'import base64, gzip; print(base64.b64encode(gzip.compress(bytes(30_000_000))).decode())')
git commit -q --allow-empty -m "bomb $bomb"
for command in "history ." "range $base..HEAD ."; do
  run 3 $command --json "$out/report.json"
  python3 - "$out/report.json" "$(git rev-parse HEAD)" <<'PYTHON'
import json, sys
rows = [row for row in json.load(open(sys.argv[1]))["ledger"]["skipped"] if row["reason"] == "limit reached"]
assert len(rows) == 1 and rows[0]["loss"] and "commit message of " + sys.argv[2] in rows[0]["examples"][0], rows
PYTHON
done
