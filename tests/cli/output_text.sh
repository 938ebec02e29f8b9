#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Text for people: where, what, how to fix; no colour and no progress when it is no terminal.
. "$(dirname "$0")/common.inc"

new_repo
printf '\ntoken = %s\n' "$(token leak)" > leak
commit
run 1 history
prints 'leak:2:9'
prints 'github-pat-classic'
prints 'Delete|Revoke|Rotate'
prints "$(git rev-parse --short=7 HEAD)"
not grep -q $'\033' "$stdout" "$stderr"
[ ! -s "$stderr" ] || die "standard error is not empty"
[ "$(wc -l < "$stdout")" -le 30 ] || die "more than a screen for one finding"
