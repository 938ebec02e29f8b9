#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Refs that name a blob or a tree, directly or by a tag object: what they hold is at a tip.
. "$(dirname "$0")/common.inc"

new_repo
git commit -q --allow-empty -m start
blob=$(token blob | git hash-object -w --stdin)
git tag direct "$blob"
run 1 history --refs-only --json "$out/report.json"
check "$out/report.json" '[(p["reach"], p["blob"]) for f in F for p in f["places"]] == [("tip", "'"$blob"'")]'
git tag -d direct > /dev/null
git tag -a -m text annotated "$blob"
run 1 history --refs-only --json "$out/report.json"
check "$out/report.json" '[p["reach"] for f in F for p in f["places"]] == ["tip"]'
git tag -d annotated > /dev/null
tree=$(printf '100644 blob %s\tname\n' "$blob" | git mktree)
git tag of-tree "$tree"
run 1 history --refs-only --json "$out/report.json"
check "$out/report.json" '[(f["path"], p["reach"]) for f in F for p in f["places"]] == [("name", "tip")]'
git tag -d of-tree > /dev/null
run 1 history --json "$out/report.json"
check "$out/report.json" '[p["reach"] for f in F for p in f["places"]] == ["unreachable"]'
