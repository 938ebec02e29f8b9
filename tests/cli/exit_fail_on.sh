#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --fail-on decides which severity fails; the report stays the same.
. "$(dirname "$0")/common.inc"

cat > rules.toml <<'TOML'
[[rule]]
id = "house-word"
title = "A word of the house"
severity = "low"
regex = '''\bhouseword-[0-9]{8}\b'''
TOML
echo "houseword-12345678" > file
run 1 scan file --rules rules.toml --json "$out/low.json"
check "$out/low.json" 'F[0]["rule"] == "house-word" and F[0]["severity"] == "low"'
run 0 scan file --rules rules.toml --fail-on medium --json "$out/medium.json"
check "$out/medium.json" 'len(F) == 1 and r["summary"]["failing"] == 0'
run 2 scan file --fail-on loud
