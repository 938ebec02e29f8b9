#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A severity changed, a rule disabled; an unknown rule is an error with its place.
. "$(dirname "$0")/common.inc"

echo "$(token leak)" > leak
printf '[override."github-pat-classic"]\nseverity = "medium"\n' > config.toml
run 1 scan leak --config config.toml --json "$out/report.json"
check "$out/report.json" 'F[0]["severity"] == "medium"'
run 0 scan leak --config config.toml --fail-on high
printf '[override."github-pat-classic"]\ndisabled = true\n' > config.toml
run 0 scan leak --config config.toml
printf '\n[override."no-such-rule"]\ndisabled = true\n' > config.toml
run 2 scan leak --config config.toml
says 'config.toml:2:[0-9]+: .*no-such-rule'
