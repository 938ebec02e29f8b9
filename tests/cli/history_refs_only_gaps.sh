#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What of a blob could not be read is told with a path of it; --refs-only tells only of what a ref reaches.
. "$(dirname "$0")/common.inc"

new_repo
echo start > file
commit
head -c 300M /dev/zero | gzip -9n > "$work/bomb.gz"
bomb=$(git hash-object -w "$work/bomb.gz")
run 3 history --json "$out/all.json"
check "$out/all.json" "r['ledger']['skipped'][0]['examples'][0].startswith('blob $bomb')"
run 0 history --refs-only --json "$out/refs.json"
check "$out/refs.json" 'r["complete"] and not r["ledger"]["skipped"]'
lfs=$(printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 12345\n' 0 | git hash-object -w --stdin)
run 0 history --refs-only --strict
git tag direct "$bomb"
run 3 history --refs-only --json "$out/tag.json"
git tag -d direct > /dev/null
mkdir dir
cp "$work/bomb.gz" dir/bomb.gz
git add dir
run 3 staged --json "$out/staged.json"
commit
git mv dir/bomb.gz z.gz
commit
git cat-file blob "$lfs" > pointer
commit
run 3 history --refs-only --json "$out/history.json"
run 3 range HEAD~3..HEAD --json "$out/range.json"
for report in staged history range; do
  check "$out/$report.json" "[row['examples'] for row in r['ledger']['skipped'] if row['loss']][0][0].startswith('dir/bomb.gz')"
  check "$out/$report.json" "[row['examples'] for row in r['ledger']['skipped'] if row['loss']][0][0].endswith('(blob $bomb)')"
done
