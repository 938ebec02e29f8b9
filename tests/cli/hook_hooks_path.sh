#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# core.hooksPath is respected, also a relative one.
. "$(dirname "$0")/common.inc"

new_repo
mkdir hooks
git config core.hooksPath hooks
run 0 hook install
[ -x hooks/pre-commit ] || die "not in core.hooksPath"
[ ! -e .git/hooks/pre-commit ] || die "also in .git/hooks"
echo "$(token leak)" > leak
git add leak
not git commit -m leak > "$out/refused" 2>&1
