#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# history reads its configuration from HEAD's tree, not from disk.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token leak)" > leak
commit
printf '[override."github-pat-classic"]\ndisabled = true\n' > .sealwarden.toml
run 1 history
run 0 scan
git add .
run 1 history
commit
run 0 history
run 1 history --no-repo-config
