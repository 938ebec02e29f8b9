#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# rules stats tells what each rule costs in a folder, and what its checks refuse.
. "$(dirname "$0")/common.inc"

good=$(token first)
mkdir -p folder/.git
printf 'a = %s\nb = %s\n' "$good" "$good" > folder/a.txt
printf 'c = %sx\n' "${good%?}" > folder/wrong_sum.txt
printf 'd = %s\n' "$good" > folder/.git/config

run 0 rules stats folder
prints "Hyperscan's database .* MB/s, [0-9]+ anchors, "
prints 'search of encoded runs'
prints '^[! ] github-pat-classic +[0-9]+ [xp] '
prints 'refused by checksum: 1'
prints 'rules had no candidate'
[ "$(wc -L < "$stdout")" -le 100 ] || die "wider than 100 columns"

# A rule with an anchor that is everywhere is seen to cost too much; its figures are at hand as JSON.
seq 20000 | sed 's/$/ abc/' > folder/many.txt
cat > rules.toml <<'TOML'
[[rule]]
id = "house-key"
title = "A key of the house"
severity = "high"
regex = '''\babc [0-9]{1,6}-never\b'''
anchors = [{ regex = 'abc', before = 0, after = 16 }]
[[rule]]
id = "exact-key"
title = "Another key"
severity = "high"
regex = '''\b1999[0-9] abc\b'''
TOML
run 0 rules stats folder folder/many.txt --rules rules.toml --json stats.json
prints '^! house-key +1 p '
prints ' exact-key +1 x '
python3 - stats.json <<'PYTHON' || die "stats.json"
import json, sys
r = json.load(open(sys.argv[1]))
assert r["files"] == 4 and r["files_not_read"] == 0, r["files"]
assert r["nanoseconds"] > 0 and r["database"]["anchors"] > 100 and r["database"]["database_bytes"] > 1000
rules = {one["rule"]: one for one in r["rules"]}
assert [one["nanoseconds"] for one in r["rules"]] == sorted((one["nanoseconds"] for one in r["rules"]), reverse=True)
key = rules["house-key"]
assert key["candidates"] == 40000 and key["clusters"] > 0 and key["dear"] and not key["exact"] and key["verified"] == 0, key
token = rules["github-pat-classic"]
assert token["matches"] == 3 and token["verified"] == 2 and token["refused"] == {"checksum": 1}, token
assert rules["exact-key"]["exact"] and rules["exact-key"]["verified"] == 20
parts = sum(one["nanoseconds"] for one in r["rules"])
assert parts == r["verification_nanoseconds"]
assert parts + r["database"]["nanoseconds"] + r["encoded_runs"]["nanoseconds"] + r["unpacking_nanoseconds"] + r["other_nanoseconds"] == r["nanoseconds"]
PYTHON
run 0 rules stats folder --json -
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$stdout" || die "more than JSON on standard output"

run 2 rules stats
run 2 rules stats folder no-such-folder
says 'no-such-folder'
mkdir empty
run 2 rules stats empty
says 'no file'
run 4 rules stats folder --json no-such-folder/stats.json
