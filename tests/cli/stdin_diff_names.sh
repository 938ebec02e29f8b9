#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Names that a diff brings are scanned, and file rules hold for files that it adds as a whole.
. "$(dirname "$0")/common.inc"

new_repo
echo harmless > old
commit
mkdir "$(token folder)"
echo harmless > "$(tail -n 1 "$work/planted")/file"
git mv old "$(token renamed)"
printf 'DATABASE_PASSWORD=%s\n' "9$(date +%s%N | sha256sum | cut -c 1-16)" > .env
git add .
git diff --cached -M > "$work/private/diff"
run 1 stdin --diff --json "$out/report.json" < "$work/private/diff"
check "$out/report.json" 'sum(f["places"][0]["carrier"] == "file name" for f in F) == 2'
check "$out/report.json" 'any(f["path"] == ".env" and any(rule.startswith("CFG-FILE-") for rule in [f["rule"]] + f["also"]) for f in F)'
