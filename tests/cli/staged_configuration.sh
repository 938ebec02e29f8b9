#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# staged reads .sealwarden.toml from the index, not from disk.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
echo "$(token leak)" > leak
git add leak
printf '[override."github-pat-classic"]\ndisabled = true\n' > .sealwarden.toml
run 1 staged
git add .sealwarden.toml
run 0 staged
run 1 staged --no-repo-config
