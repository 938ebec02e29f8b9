#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Wrong options: exit status 2 and a message; help and version: 0.
. "$(dirname "$0")/common.inc"

run 2
run 2 no-such-command
run 2 scan --no-such-option
says 'no-such-option'
run 2 range
run 0 --help
prints 'history'
run 0 history --help
prints '--sarif'
run 0 --version
prints '[0-9]+\.[0-9]+\.[0-9]+'
