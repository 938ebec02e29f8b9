#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Repositories that are large in one way, at a size that a test affords: the token is found, where and when.
. "$(dirname "$0")/common.inc"

# big KIND COUNT CONDITION
big() {
  token "$1" | python3 "$root/fixtures/big_repository.py" "$1" "$2" "$1.git"
  run 1 history "$1.git" --json "$out/report.json"
  check "$out/report.json" "r['complete'] and $3"
  run 1 history "$1.git" --full-blobs -j3 --json "$out/whole.json"
  cmp "$out/report.json" "$out/whole.json" || die "$1: another report if all is scanned whole"
}
big commits 20000 'len(F) == 1 and len(F[0]["introduced"]) == 1 and len(F[0]["removed"]) == 1'
big objects 50000 'len(F) == 1 and F[0]["path"] == "d25/f25000" and F[0]["at_head"]'
big blob 60000000 'len(F) == 1 and F[0]["places"][0]["start_byte"] >= 30000000'
big refs 5000 'len(F) == 1 and F[0]["at_head"]'
big paths 3000 'len(F) == 3000 and r["summary"]["secrets"] == 1'
