#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Neither a repository nor in one: exit status 2 and the path in the message.
. "$(dirname "$0")/common.inc"

mkdir empty
run 2 history empty
says 'empty'
run 2 history does-not-exist
says 'does-not-exist'
[ ! -s "$stdout" ] || die "something on standard output"
