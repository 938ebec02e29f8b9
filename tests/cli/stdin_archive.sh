#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A member of an archive on standard input is named, with and without a path for the archive.
. "$(dirname "$0")/common.inc"

echo "a=$(token one)" > one
echo "a=$(token two)" > two
python3 "$here/make_archive.py" s.zip inner.txt=one d/other.txt=two
run 1 stdin --json "$out/report.json" < s.zip
check "$out/report.json" 'sorted(f["path"] for f in F) == ["!d/other.txt", "!inner.txt"]'
run 1 stdin < s.zip
prints '!inner\.txt:1:'
not grep -q sealwarden:allow "$stdout"
run 1 stdin --path s.zip --json "$out/report.json" < s.zip
check "$out/report.json" 'sorted(f["path"] for f in F) == ["s.zip!d/other.txt", "s.zip!inner.txt"]'

new_repo
git hash-object -w s.zip > /dev/null
run 1 history --json "$out/dangling.json"
check "$out/dangling.json" 'sorted(f["path"] for f in F) == ["!d/other.txt", "!inner.txt"]'
