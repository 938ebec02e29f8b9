#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Members of archives are files of their own, at outer!inner: on disk, on standard input, in the index, in a range, in history.
. "$(dirname "$0")/common.inc"

make_archive() { python3 "$here/make_archive.py" "$@"; }
new_repo
mkdir in
echo "a=$(token one)" > in/one
echo "harmless" > in/two
commit
base=$(git rev-parse HEAD)
make_archive app.zip dir/one=in/one two=in/two
make_archive lib.tgz deep/three=in/one
make_archive nested.zip lib/lib.tgz=lib.tgz four=in/one
rm lib.tgz
inner='sorted(f["path"] for f in F if "!" in f["path"]) == ["app.zip!dir/one", "nested.zip!four", "nested.zip!lib/lib.tgz!deep/three"]'
run 1 scan . --json "$out/report.json"
check "$out/report.json" "$inner"
check "$out/report.json" 'r["summary"]["secrets"] == 1 and r["complete"]'
check "$out/report.json" 'all((p["start_line"], p["start_column"]) == (1, 3) for f in F for p in f["places"])'
run 1 stdin --path x/app.zip --json "$out/report.json" < app.zip
check "$out/report.json" '[f["path"] for f in F] == ["x/app.zip!dir/one"]'
git add -A
run 1 staged --json "$out/report.json"
check "$out/report.json" "$inner and len(F) == 3"
commit
run 1 range "$base..HEAD" --json "$out/report.json"
check "$out/report.json" "$inner and len(F) == 3"
git rm -q app.zip
commit
removed=$(git rev-parse HEAD)
for more in "-j1" "-j8" "-j8 --full-blobs"; do
  run 1 history . $more --json "$out/history$more.json"
  cmp "$out/history-j1.json" "$out/history$more.json" || die "another report with $more"
done
check "$out/history-j1.json" "$inner"
check "$out/history-j1.json" "[f['removed'] for f in F if f['path'] == 'app.zip!dir/one'] == [['$removed']]"
