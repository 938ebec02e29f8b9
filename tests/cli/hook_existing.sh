#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A hook that is there is never overwritten, and still runs or is told how to go on.
. "$(dirname "$0")/common.inc"

new_repo
mkdir -p .git/hooks
printf '#!/bin/sh\necho mine >> "%s/ran"\n' "$work" > .git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
cp .git/hooks/pre-commit "$work/private/before"
run "0|2" hook install
if cmp -s .git/hooks/pre-commit "$work/private/before"; then
  says 'pre-commit'
  says 'sealwarden'
else
  echo clean > clean
  commit
  grep -q mine "$work/ran"
  run 0 hook uninstall
  cmp .git/hooks/pre-commit "$work/private/before"
fi
