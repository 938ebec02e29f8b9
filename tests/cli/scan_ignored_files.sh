#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tracked files count even if ignored, untracked ignored ones do not, --no-ignore takes all.
. "$(dirname "$0")/common.inc"

new_repo
printf '*.log\nbuilt/\n' > .gitignore
mkdir built
echo "$(token tracked)" > tracked.log
git add -f tracked.log
commit
echo "$(token untracked)" > untracked.log
echo "$(token built)" > built/file
echo "$(token excluded)" > excluded
echo excluded > .git/info/exclude
echo "$(token fresh)" > fresh
run 1 scan --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in F] == ["fresh", "tracked.log"] or sorted(f["path"] for f in F) == ["fresh", "tracked.log"]'
check "$out/report.json" 'any(s["reason"] == "ignored file" and not s["loss"] for s in r["ledger"]["skipped"]) and r["complete"]'
run 1 scan --no-ignore --json "$out/all.json"
check "$out/all.json" 'sorted(f["path"] for f in F) == ["built/file", "excluded", "fresh", "tracked.log", "untracked.log"]'
