#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A repository that another user owns is scanned: nothing of it is run.
. "$(dirname "$0")/common.inc"

[ "$(id -u)" = 0 ] || skip "needs root to change the owner"
new_repo
echo "$(token leak)" > leak
commit
chown -R 12345:12345 .
run 1 history
