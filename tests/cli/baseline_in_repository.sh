#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The baseline of the repository's root is used without being named; range takes it from the base.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token known)" > known
commit
run 0 baseline create --output .sealwarden-baseline.json
run 0 scan
commit
run 0 history
run 1 history --no-repo-config
echo "$(token new)" > new
commit
run 0 baseline create --output .sealwarden-baseline.json
git add .
git commit -q --amend --no-edit
run 1 range HEAD~1..HEAD
