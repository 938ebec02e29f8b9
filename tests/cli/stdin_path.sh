#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# With --path the bytes are that file's: its name is scanned, and file rules hold as they do for a file of a folder.
. "$(dirname "$0")/common.inc"

weak=9$(date +%s%N | sha256sum | cut -c 1-22)
printf 'DB_PASSWORD=%s\nMIRROR=https://user:%s@files.prod-corp.net/x\n' "$weak" "$weak" > .env
run '0|1' scan . --json "$out/scan.json"
run '0|1' stdin --path .env --json "$out/stdin.json" < .env
python3 - "$out" <<'PYTHON'
import json, sys
scan, stdin = (sorted((f["rule"], f["path"], f["also"]) for f in json.load(open(f"{sys.argv[1]}/{n}.json"))["findings"])
               for n in ("scan", "stdin"))
assert scan == stdin and len(scan) > 1, (scan, stdin)
PYTHON
printf 'DB_NAME=%s\nTOKEN=%s\n' "$weak" "$(token strong)" > .env
run 1 stdin --path .env --json "$out/report.json" < .env
check "$out/report.json" 'len(F) == 1 and F[0]["also"]'
echo harmless > input
run 1 stdin --path "dir/$(token folder)/file" --json "$out/report.json" < input
check "$out/report.json" 'len(F) == 1 and F[0]["places"][0]["carrier"] == "file name"'
