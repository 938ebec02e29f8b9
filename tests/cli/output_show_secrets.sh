#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --show-secrets: the secret in JSON and text, the file for its owner alone, never in SARIF.
. "$(dirname "$0")/common.inc"

secret=$(token leak)
echo "$secret" > leak
umask 022
run 1 scan --show-secrets --json "$work/private/report.json" --sarif "$out/report.sarif"
grep -q "$secret" "$work/private/report.json"
[ "$(stat -c %a "$work/private/report.json")" = 600 ] || die "others may read it"
"$program" scan --show-secrets > "$work/private/text" || true
grep -q "$secret" "$work/private/text"
run 1 scan --json "$out/report.json"
[ "$(stat -c %a "$out/report.json")" = 644 ] || die "the ordinary report has other rights"
