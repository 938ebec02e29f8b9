#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A rule of one's own by --rules and in .sealwarden.toml, in history too; the second run uses the cache.
. "$(dirname "$0")/common.inc"

new_repo
cat > .sealwarden.toml <<'TOML'
[[rule]]
id = "house-key"
title = "A key of the house"
severity = "high"
regex = '''\b(hk_[a-z0-9]{16})\b'''
group = 1
keywords = ["hk_"]
TOML
echo "key = hk_abcdefgh12345678" > file
commit
for round in 1 2; do
  run 1 history --json "$out/$round.json"
  check "$out/$round.json" '[(f["rule"], f["path"], f["places"][0]["start_column"]) for f in F] == [("house-key", "file", 7)]'
done
cmp "$out/1.json" "$out/2.json"
run 1 scan file --rules .sealwarden.toml --no-repo-config
