#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An allow comment on the line or the line above marks the finding, with its reason.
. "$(dirname "$0")/common.inc"

{
  echo "a = $(token one)  # sealwarden:allow reason=\"made up\""
  echo "b = $(token two)  # gitleaks:allow"
  echo "# sealwarden:allow"
  echo "c = $(token three)"
  echo
  echo "d = $(token four)"
} > file
run 1 scan file --json "$out/report.json"
check "$out/report.json" '[f["places"][0]["start_line"] for f in S] == [6] and len(F) == 4'
check "$out/report.json" 'any(f["suppressed"] and f["suppressed"]["why"] == "made up" for f in F)'
check "$out/report.json" 'all(f["suppressed"]["kind"] == "allow comment" for f in F if f["suppressed"])'
