#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A fingerprint in .sealwardenignore marks the finding with its reason.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token leak)" > leak
run 1 scan --json "$out/report.json"
python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["findings"][0]["fingerprint"], "# revoked in May")' \
  "$out/report.json" > .sealwardenignore
run 0 scan --json "$out/after.json"
check "$out/after.json" 'F[0]["suppressed"] == {"kind": "ignore file", "why": "revoked in May", "new": False, "origin": ""}'
printf '# fine\n\nno-fingerprint\n' > .sealwardenignore
run 2 scan
says '.sealwardenignore:3'
