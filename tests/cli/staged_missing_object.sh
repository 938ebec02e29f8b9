#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A staged blob that is not there: exit status 3.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
echo gone > gone
git add gone
id=$(git rev-parse :gone)
rm -f ".git/objects/${id:0:2}/${id:2}"
run 3 staged
