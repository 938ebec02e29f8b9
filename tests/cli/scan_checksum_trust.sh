#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A failed checksum refuses the match, lowers its confidence or changes nothing, as well as the format is known.
. "$(dirname "$0")/common.inc"

crc() { python3 -c 'import sys, zlib; print("%08x" % zlib.crc32(sys.argv[1].encode()))' "$1"; }
body=1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d
rule() {  # ID CHECK REGEX
  printf '[[rule]]\nid = "%s"\ntitle = "A token"\nseverity = "high"\nconfidence = "medium"\nchecksum = "%s"\n' "$1" "$2"
  printf "regex = '''%s'''\n" "$3"
}
rule is-sure crc32-hex-body '\bsure_[0-9a-f]{48}\b' > rules.toml
rule is-advisory laravel-sanctum '\b7\|[0-9a-f]{48}\b' >> rules.toml
rule is-hint crc32-hex-all-hint '\bhint_[0-9a-f]{48}\b' >> rules.toml

printf '%s\n' "sure_$body$(crc $body)" "7|$body$(crc $body)" "hint_$body$(crc hint_$body)" > good
run 1 scan good --rules rules.toml --json "$out/good.json"
check "$out/good.json" 'len(F) == 3 and all(f["confidence"] == "high" for f in F)'
check "$out/good.json" 'all("checksum holds" in f["reasons"][0] for f in F)'

printf '%s\n' "sure_${body}00000000" "7|${body}00000000" "hint_${body}00000000" > wrong
run 1 scan wrong --rules rules.toml --min-confidence low --json "$out/wrong.json"
check "$out/wrong.json" 'sorted((f["rule"], f["confidence"]) for f in F) == [("is-advisory", "low"), ("is-hint", "medium")]'
check "$out/wrong.json" '["checksum does not hold" in f["reasons"][0] for f in sorted(F, key=lambda f: f["rule"])] == [True, False]'
