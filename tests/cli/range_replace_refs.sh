#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Replace refs do not hide what a range brings.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
echo "$(token new)" > new
commit
git replace HEAD HEAD~1
run 1 range HEAD~1..HEAD
