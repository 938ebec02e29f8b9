#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A bare repository, by its path and from inside.
. "$(dirname "$0")/common.inc"

new_repo full
cd full
echo "$(token bare)" > file
commit
cd ..
git clone -q --bare full bare.git
run 1 history bare.git --json "$out/bare.json"
check "$out/bare.json" 'len(F) == 1 and F[0]["at_head"] and F[0]["path"] == "file"'
cd bare.git
run 1 history
prints 'github-pat-classic'
