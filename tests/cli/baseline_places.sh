#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Where a baseline goes and from when it counts; a second one holds what the first held.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token known)" > file
commit
run 0 baseline create
says '1 finding accepted in .*once it is committed'
run 1 history
run 0 scan
commit
run 0 history
run 0 baseline create
says '1 finding accepted'
git diff --quiet || die "the same findings made another baseline"
git clone -q --bare . ../bare.git
run 2 baseline create ../bare.git
says '\-\-output'
run 2 hook install ../bare.git
says 'pre-receive'
