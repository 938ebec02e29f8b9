#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Globs of allow entries and rules may name an archive, its members, or a file in it.
. "$(dirname "$0")/common.inc"

new_repo
echo "a=$(token one)" > one
echo "a=$(token two)" > two
mkdir sub
python3 "$here/make_archive.py" sub/s.zip inner.txt=one d/other.txt=two
rm one two
run 1 scan --json "$out/report.json"
check "$out/report.json" 'len(S) == 2'
run 1 scan
not grep -q sealwarden:allow "$stdout"
allow() { printf '[[allow]]\npaths = ["%s"]\n' "$1" > .sealwarden.toml; }
for glob in s.zip '*.zip' '**/*.zip' 'sub/**' 's.zip!**' 'sub/s.zip!**' '**/s.zip!**'; do
  allow "$glob"
  run 0 scan
done
for glob in inner.txt '**!inner.txt' 's.zip!d/*' 'sub/s.zip!*'; do
  allow "$glob"
  run 1 scan --json "$out/report.json"
  check "$out/report.json" "len(S) == ('$glob' == 's.zip!d/*') + 1"
done
rule() { printf '[[rule]]\nid = "mine"\ntitle = "Mine"\nseverity = "low"\nregex = "[a]=ghp_[a-z]?"\n%s = ["*.zip"]\n' "$1" > .sealwarden.toml; }
rule paths
run 1 scan --json "$out/report.json"
check "$out/report.json" 'all(f["also"] == ["mine"] for f in F) and len(F) == 2'
rule not_paths
run 1 scan --json "$out/report.json"
check "$out/report.json" 'not any(f["also"] for f in F) and len(F) == 2'
