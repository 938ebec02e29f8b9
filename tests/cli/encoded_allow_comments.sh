#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Allow comments accept what is encoded on their line, and what stands beside them within a member of an archive.
. "$(dirname "$0")/common.inc"

mkdir in
encoded() { printf 'the value is %s for all' "$(token "$1")" | base64 -w 0; }
{
  echo "a: $(encoded one)  # sealwarden:allow reason=\"made up\""
  echo
  echo "b: $(encoded two)"
} > in/config.yml
run 1 scan in --json "$out/report.json"
check "$out/report.json" 'len(F) == 2 and [f["places"][0]["start_line"] for f in S] == [3]'
check "$out/report.json" 'all(f["suppressed"]["why"] == "made up" for f in F if f["suppressed"])'
printf 'x = %s # gitleaks:allow\n\ny = %s\n' "$(token three)" "$(token four)" > in/plain
python3 "$here/make_archive.py" in/a.zip inner=in/plain
rm in/plain in/config.yml
run 1 scan in --json "$out/report.json"
check "$out/report.json" 'len(F) == 2 and [(f["path"], f["places"][0]["start_line"]) for f in S] == [("a.zip!inner", 3)]'
