#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Uninstalling takes away our hook only; installing twice is no error, and where there is none of ours nothing is touched.
. "$(dirname "$0")/common.inc"

new_repo
run 0 hook install
run 0 hook install
run 0 hook uninstall
[ ! -e .git/hooks/pre-commit ] || die "the hook is still there"
run 2 hook uninstall
echo "$(token leak)" > leak
commit
mkdir -p .git/hooks
echo '#!/bin/sh' > .git/hooks/pre-commit
run 2 hook uninstall
[ "$(cat .git/hooks/pre-commit)" = '#!/bin/sh' ]
cd "$work"
run 2 hook install
