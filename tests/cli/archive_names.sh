#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A token in the name of a zip's member is found, and no report shows it, not even where it names what was not read.
. "$(dirname "$0")/common.inc"

echo harmless > file
mkdir in
python3 "$here/make_archive.py" in/a.zip "dir/$(token one)/x=file"
echo "s = $(token three)" > file
python3 "$here/make_archive.py" in/c.zip "$(token four)=file"
run 1 scan in --json "$out/report.json" --sarif "$out/report.sarif"
run 1 scan in
check "$out/report.json" 'len({f["secret_id"] for f in F}) == 3'
python3 - <<'PYTHON'
from pathlib import Path
data = bytearray(Path("in/c.zip").read_bytes())
for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
    data[data.index(mark) + flags] |= 1
Path("in/c.zip").write_bytes(data)
PYTHON
run 1 scan in/c.zip --json "$out/locked.json"
check "$out/locked.json" '[row["reason"] for row in r["ledger"]["skipped"]] == ["encrypted content"] and len(F) == 1'
