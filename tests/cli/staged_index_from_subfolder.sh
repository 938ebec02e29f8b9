#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# git gives hooks an index relative to the work tree's root, wherever the hook goes from there.
. "$(dirname "$0")/common.inc"

new_repo
mkdir sub
echo "$(token new)" > sub/x
git add .
cd sub
GIT_INDEX_FILE=.git/index run 1 staged
