#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A checkout of the change itself, with no base: its own configuration does not count.
. "$(dirname "$0")/common.inc"

new_repo
echo ok > file
commit
git checkout -q --detach
printf '[[allow]]\nrules = ["SEC-*"]\npaths = ["**"]\nwhy = "all"\n' > .sealwarden.toml
echo "$(token own)" > leak
commit
zero=0000000000000000000000000000000000000000
run 2 range HEAD  # no range: it would be empty where a ref names HEAD
run 2 range ..HEAD
run 1 range "$zero..HEAD"
echo "$zero $(git rev-parse HEAD) refs/heads/new" > line
run 1 range --stdin-refs < line
