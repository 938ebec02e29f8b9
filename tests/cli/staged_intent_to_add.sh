#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An intent-to-add entry brings no content, but its name.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
echo "$(token later)" > later
git add -N later
run 0 staged
git add later
run 1 staged
