#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A token in an encoding is found without a name before it, where it stands in the file, and the report says how it is written.
. "$(dirname "$0")/common.inc"

names="base64 base64url base64-wrapped base64-nested hex hex-list percent unicode-escape html-entity quoted-printable"
for name in $names utf-16le utf-16be utf-32le utf-32be concatenation; do token "$name" > "$name"; done
python3 "$here/encoded_positions.py" write
run 1 scan . --json "$out/report.json"
python3 "$here/encoded_positions.py" check "$out/report.json"
