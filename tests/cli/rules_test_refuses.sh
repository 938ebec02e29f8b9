#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `rules test` refuses what a scan with these rules would refuse.
. "$(dirname "$0")/common.inc"

for wrong in '[[rule]]
id = "github-pat-classic"
title = "Again"
severity = "high"
regex = "abc[0-9]{4}"' '[override."no-such"]
severity = "low"' '[[allow]]
rules = ["no-such"]
why = "x"'; do
  echo "$wrong" > rules.toml
  run 2 scan --rules rules.toml
  run 2 rules test rules.toml
done
