#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A compressed log of more than 64 MiB is scanned whole: each secret once, at its place, wherever pieces meet.
. "$(dirname "$0")/common.inc"

mkdir in
python3 - "$(token first)" "$(token at the edge)" "$(token at the other edge)" "$(token last)" > places <<'PYTHON'
import gzip
import sys

first, edge, other, last = sys.argv[1:]
line = b"2024-03-01 12:00:00 a request was served in 17 ms, as thousands before it\n"
mib = 1 << 20
text = bytearray(line * (140 * mib // len(line)))
for token, at in ((first, 0), (edge, 63 * mib - 20), (other, 64 * mib - 20), (last, len(text) - len(line))):
    begin = text.rfind(b"\n", 0, at) + 1 if at else 0
    text[at:at + len(token) + 2] = b" " + token.encode() + b" "
    print(at + 1, text.count(b"\n", 0, at) + 1, at + 1 - begin + 1)
with open("in/log.gz", "wb") as file:
    file.write(gzip.compress(bytes(text), 1, mtime=0))
PYTHON
run 1 scan in --json "$out/report.json"
check "$out/report.json" 'r["complete"] and not r["ledger"]["skipped"]'
places='sorted((p["start_byte"], p["start_line"], p["start_column"]) for f in F for p in f["places"])'
check "$out/report.json" "$places == [tuple(map(int, line.split())) for line in open('places')]"
