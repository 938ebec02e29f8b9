#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Secrets without a format have a confidence and its reasons; placeholders are shown by --min-confidence low, and else counted.
. "$(dirname "$0")/common.inc"

weak=Kiwi7$(date +%s%N | sha256sum | cut -c 1-8)
printf 'password = "%s"\n' "$weak" > real.py
printf 'password = "changeme"\nadmin_password = "admin"\n' > default.py
printf 'password = %s\n' "$weak" > expression.py
printf 'Set password: banana\n' > text.md
run 1 scan . --json "$out/report.json"
check "$out/report.json" '[(f["path"], f["rule"], f["confidence"]) for f in F] == [("real.py", "generic-password", "medium")]'
check "$out/report.json" 'F[0]["reasons"][0] == "name of a password" and F[0]["reasons"][1].startswith("value: ")'
check "$out/report.json" 'r["summary"]["below_confidence"] == 3'
run 1 scan . --min-confidence low --json "$out/low.json"
check "$out/low.json" 'sorted((f["path"], f["confidence"]) for f in F) == [
  ("default.py", "low"), ("default.py", "low"), ("real.py", "medium"), ("text.md", "low")]'
check "$out/low.json" 'any("value: placeholder" in f["reasons"] for f in F) and r["summary"]["below_confidence"] == 0'
run 0 scan . --min-confidence high --json "$out/high.json"
check "$out/high.json" 'not F and r["summary"]["below_confidence"] == 4'
# The same in history, however it is scanned.
new_repo
commit
echo "# more" >> real.py
commit
for more in "-j1" "-j8 --full-blobs"; do run 1 history . $more --json "$out/history$more.json"; done
cmp "$out/history-j1.json" "$out/history-j8 --full-blobs.json"
check "$out/history-j1.json" 'len(F) == 1 and r["summary"]["below_confidence"] == 3'
