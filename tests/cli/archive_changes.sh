#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Of an archive that changes only what is new in its members is new.
. "$(dirname "$0")/common.inc"

make_archive() { python3 "$here/make_archive.py" "$@"; }
new_repo
mkdir ../parts
echo "a=$(token old)" > ../parts/old
echo "b=$(token new)" > ../parts/new
echo more > ../parts/more
make_archive app.zip one=../parts/old
commit
make_archive app.zip one=../parts/old two=../parts/more
git add app.zip
run 0 staged
make_archive app.zip one=../parts/old two=../parts/new
git add app.zip
run 1 staged --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in F] == ["app.zip!two"]'
commit
run 1 range HEAD~1..HEAD --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in F] == ["app.zip!two"]'
git mv app.zip renamed.zip
commit
run 0 range HEAD~1..HEAD
