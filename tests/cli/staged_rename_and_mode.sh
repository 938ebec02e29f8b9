#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A renamed file and a changed mode bring nothing new; a secret put in on the way does.
. "$(dirname "$0")/common.inc"

new_repo
{ echo "$(token old)"; seq 50; } > before
commit
git mv before after
run 0 staged
chmod +x after
git add after
run 0 staged
echo "$(token added)" >> after
git add after
run 1 staged --json "$out/report.json"
check "$out/report.json" 'len(F) == 1 and F[0]["path"] == "after" and F[0]["places"][0]["start_line"] == 52'
