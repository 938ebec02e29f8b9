#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What an archive holds beside its listed members' bytes: names in a compressed tar, targets of links, members that no directory
# names. A secret in a member of a member is reported once, in the innermost one.
. "$(dirname "$0")/common.inc"

echo harmless > file
mkdir in
python3 "$here/make_archive.py" in/names.tgz "dir/$(token one)/x=file"
ln -s "/opt/$(token two)" link
tar czf in/link.tgz link
echo "s = $(token three)" > file
python3 "$here/make_archive.py" old.zip gone=file
echo harmless > file
python3 "$here/make_archive.py" new.zip there=file
cat old.zip new.zip > in/two.zip
python3 - "$(token four)" <<'PYTHON'
import io, sys, tarfile, zipfile
plain = io.BytesIO()
with tarfile.open(fileobj=plain, mode="w") as archive:
    data = f"key {sys.argv[1]}\n".encode()
    info = tarfile.TarInfo("leaf")
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))
with zipfile.ZipFile("in/nested.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("inner.tar", plain.getvalue())
PYTHON
run 1 scan in --json "$out/report.json"
check "$out/report.json" 'r["complete"] and not r["ledger"]["skipped"] and len({f["secret_id"] for f in F}) == 4'
check "$out/report.json" 'sorted(f["path"] for f in F) == ["link.tgz!names", "names.tgz!names", "nested.zip!inner.tar!leaf", "two.zip!gone"]'
