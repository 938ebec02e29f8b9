#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Allow entries: every condition given must hold; expired ones and others do not count.
. "$(dirname "$0")/common.inc"

new_repo
mkdir docs
echo "$(token docs)" > docs/file
echo "$(token other)" > other
commit
printf '[[allow]]\nrules = ["github-*"]\npaths = ["docs/**"]\nwhy = "samples"\n' > .sealwarden.toml
run 1 scan --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in S] == ["other"] and [f["suppressed"]["why"] for f in F if f["suppressed"]] == ["samples"]'
printf '[[allow]]\npaths = ["**"]\nuntil = 2020-01-31\n' > .sealwarden.toml
run 1 scan --as-of 2020-02-01
run 0 scan --as-of 2020-01-31 --json "$out/then.json"
check "$out/then.json" 'r["target"]["as_of"] == "2020-01-31"'
printf '[[allow]]\ncommits = ["%s"]\n' "$(git rev-parse --short=10 HEAD)" > .sealwarden.toml
commit
run 0 history
printf '[[allow]]\nregex = "^ghp_"\nstopwords = ["no-such-word"]\n' > .sealwarden.toml
run 1 scan
