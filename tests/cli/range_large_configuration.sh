#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A configuration of very many entries: revisions by name are refused with a remedy, ids are as good as ever.
. "$(dirname "$0")/common.inc"

new_repo
echo one > file
commit
echo two > file
commit
seq 5000 | sed 's/^/[a "/; s/$/"] b = c/' >> .git/config
run 2 range HEAD~1..HEAD
says 'has too many entries'
says 'give ids'
run 0 range "$(git rev-parse HEAD~1)..HEAD"
