#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What of an archive cannot be read is in the ledger: a bomb is a loss, an encrypted or damaged member one with --strict only.
. "$(dirname "$0")/common.inc"

make_archive() { python3 "$here/make_archive.py" "$@"; }
reasons='[row["reason"] for row in r["ledger"]["skipped"]]'
head -c 300M /dev/zero > zeros
mkdir bomb && make_archive bomb/a.zip zeros=zeros && rm zeros
run 3 scan bomb --json "$out/bomb.json"
check "$out/bomb.json" "not F and not r['complete'] and loss == ['limit reached'] and 'a.zip!zeros' in r['ledger']['skipped'][0]['examples'][0]"
echo "a=$(token beside)" > bomb/file
run 1 scan bomb --json "$out/bomb.json"
check "$out/bomb.json" "len(F) == 1 and not r['complete']"

echo "a=$(token inside)" > inside
mkdir other && make_archive other/locked.zip secret=inside && make_archive other/broken.zip first=inside second=inside
python3 - <<'PYTHON'
from pathlib import Path
locked = bytearray(Path("other/locked.zip").read_bytes())
for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
    locked[locked.index(mark) + flags] |= 1
Path("other/locked.zip").write_bytes(locked)
broken = bytearray(Path("other/broken.zip").read_bytes())
at = broken.rindex(b"PK\3\4") + 30 + len("second")
broken[at:at + 12] = b"\xff" * 12
Path("other/broken.zip").write_bytes(broken)
PYTHON
run 1 scan other --json "$out/other.json"
check "$out/other.json" "r['complete'] and sorted($reasons) == ['damaged archive or document', 'encrypted content']"
check "$out/other.json" '[f["path"] for f in F] == ["broken.zip!first"]'
rm other/broken.zip
run 0 scan other
run 3 scan other --strict
