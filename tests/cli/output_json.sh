#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# JSON schema 1: its keys, null where there is nothing.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token leak)" > leak
commit
run 1 history --json "$out/report.json"
check "$out/report.json" 'r["schema"] == 1 and r["tool"]["name"] == "sealwarden" and r["tool"]["version"]'
check "$out/report.json" '{"kind", "remote", "head", "refs_digest", "rules_digest", "as_of"} <= set(r["target"])'
check "$out/report.json" 'set("""rule also class kind title severity confidence reasons path
  fingerprint secret_id redacted at_head introduced removed merge_only suppressed places""".split()) <= set(F[0])'
check "$out/report.json" 'set("""commit blob carrier path reach author_date start_line start_column
  end_line end_column start_byte end_byte decoded""".split()) <= set(F[0]["places"][0])'
check "$out/report.json" 'F[0]["fingerprint"].startswith("sealwarden/v1:") and F[0]["redacted"].startswith("ghp_")'
check "$out/report.json" 'F[0]["places"][0]["author_date"].endswith("Z") and r["target"]["as_of"] is None'
check "$out/report.json" 'F[0].get("secret") is None'
