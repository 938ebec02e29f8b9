#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Before the first commit everything staged is new.
. "$(dirname "$0")/common.inc"

new_repo
run 0 staged
echo "$(token first)" > first
git add first
run 1 staged
