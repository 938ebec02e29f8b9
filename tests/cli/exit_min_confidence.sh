#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --min-confidence: what lies below is counted only.
. "$(dirname "$0")/common.inc"

cat > rules.toml <<'TOML'
[[rule]]
id = "vague-word"
title = "A vague word"
severity = "high"
confidence = "low"
regex = '''\bvagueword-[0-9]{8}\b'''
TOML
echo "vagueword-12345678" > file
run 0 scan file --rules rules.toml --json "$out/medium.json"
check "$out/medium.json" 'not F and r["summary"]["below_confidence"] == 1'
run 1 scan file --rules rules.toml --min-confidence low
run 0 scan file --rules rules.toml --min-confidence high
