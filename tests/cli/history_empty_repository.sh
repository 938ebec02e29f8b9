#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A repository without a commit is clean.
. "$(dirname "$0")/common.inc"

new_repo empty
run 0 history empty --json "$out/report.json" --sarif "$out/report.sarif"
check "$out/report.json" 'r["complete"] and not F and r["target"]["head"] is None'
run 0 history empty
