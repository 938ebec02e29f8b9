#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# rules list names the shipped rules, rules show tells one whole.
. "$(dirname "$0")/common.inc"

run 0 rules list
prints 'github-pat-classic'
[ "$(wc -l < "$stdout")" -ge 75 ] || die "fewer than 75 rules"
run 0 rules show github-pat-classic
prints 'GitHub'
prints 'CWE-798'
prints 'gitleaks:github-pat'
run 2 rules show no-such-rule
says 'no-such-rule'
