#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# In a clone of depth 1 the base is not there: the message names the command, and the command helps.
. "$(dirname "$0")/common.inc"

new_repo full
cd full
echo start > start
commit
base=$(git rev-parse HEAD)
echo "$(token new)" > new
commit
git config uploadpack.allowAnySHA1InWant true
cd ..
git clone -q --depth 1 "file://$PWD/full" shallow
cd shallow
run 2 range "$base..HEAD"
says "git fetch .*$base"
remedy=$(grep -oE "git fetch [^\`'\"]*$base" "$stderr" | head -1)
eval "$remedy" > /dev/null 2>&1 || die "the named command fails: $remedy"
git fetch -q --unshallow 2> /dev/null || true
run 1 range "$base..HEAD"
run 2 range no-such-name..HEAD
says 'no-such-name'
