#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --only and --skip choose the rules that run: by id, glob, kind and pack.
. "$(dirname "$0")/common.inc"

echo "see $(token github)" > a.txt
run 1 scan a.txt
run 1 scan --only github-pat-classic a.txt
run 1 scan --only 'github-*' --only kind:file a.txt
run 0 scan --only kind:file a.txt
run 0 scan --only github-pat-classic --skip 'github-*' a.txt
run 0 scan --skip secret a.txt
run 2 scan --only github-pat-clasic a.txt
says "there is no rule, pack or kind 'github-pat-clasic'; did you mean 'github-pat-classic'\?"
run 0 rules list --only kind:file
prints 'github-pat-classic .*disabled'
pack=$("$program" rules show github-pat-classic | sed -n 's/^origin *builtin:\([^:]*\):.*/\1/p')
run 1 scan --only "pack:$pack" a.txt
run 0 scan --only "$pack" --skip "pack:$pack" a.txt
