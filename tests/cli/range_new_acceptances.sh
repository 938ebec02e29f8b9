#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An acceptance that the change itself brings counts, is told as new, and can be refused.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
echo "$(token accepted) # sealwarden:allow made up" > accepted
commit
run 0 range HEAD~1..HEAD --json "$out/report.json"
check "$out/report.json" 'F[0]["suppressed"]["kind"] == "allow comment" and F[0]["suppressed"]["new"]'
run 1 range HEAD~1..HEAD --no-new-acceptances
echo "$(token ignored)" > ignored
commit
run 1 range HEAD~1..HEAD --json "$out/ignored.json"
fingerprint=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["findings"][0]["fingerprint"])' "$out/ignored.json")
echo "$fingerprint # not a secret" > .sealwardenignore
git add .
git commit -q --amend --no-edit
run 0 range HEAD~1..HEAD --json "$out/after.json"
check "$out/after.json" 'F[0]["suppressed"]["kind"] == "ignore file" and F[0]["suppressed"]["new"]'
run 1 range HEAD~1..HEAD --no-new-acceptances
