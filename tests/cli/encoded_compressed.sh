#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is compressed within base64 is found, each of its secrets, at the place of the whole run.
. "$(dirname "$0")/common.inc"

token one > one
token two > two
{
  printf 'data: '
  printf 'first = %s\nsecond = %s\n' "$(cat one)" "$(cat two)" | gzip -9n | base64 -w 0
  echo ' # end'
} > config.yml
rm one two
run 1 scan config.yml --json "$out/report.json"
check "$out/report.json" 'len(F) == 2 and all(p["decoded"] == ["base64", "gzip"] for f in F for p in f["places"])'
check "$out/report.json" 'all(p["start_line"] == 1 and p["start_column"] == 7 for f in F for p in f["places"])'
check "$out/report.json" 'r["summary"]["secrets"] == 2'
# PowerShell takes commands as base64 of UTF-16.
token three | iconv -t UTF-16LE | base64 -w 0 > run.ps1
run 1 scan run.ps1 --json "$out/report.json"
check "$out/report.json" 'len(F) == 1 and F[0]["places"][0]["decoded"] == ["base64", "utf-16le"]'
