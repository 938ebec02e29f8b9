#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configuration and baseline come from the base: a change cannot switch off its own check.
. "$(dirname "$0")/common.inc"

new_repo
printf '[[allow]]\npaths = ["allowed/**"]\nwhy = "samples"\n' > .sealwarden.toml
commit
mkdir allowed
echo "$(token allowed)" > allowed/file
echo "$(token new)" > new
printf '[override."github-pat-classic"]\ndisabled = true\n' > .sealwarden.toml
commit
run 1 range HEAD~1..HEAD --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in S] == ["new"] and [f["path"] for f in F if f["suppressed"]] == ["allowed/file"]'
check "$out/report.json" 'not any(f["suppressed"]["new"] for f in F if f["suppressed"])'
run 1 range HEAD~1..HEAD --no-repo-config --json "$out/bare.json"
check "$out/bare.json" 'len(S) == 2'
