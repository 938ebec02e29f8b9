#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Versions of a file with encoded secrets and passwords, stored as deltas, are told as if each was scanned whole.
. "$(dirname "$0")/common.inc"

new_repo
filler() { for i in $(seq "$1" "$2"); do echo "line $i of some text, $((i * 7919 % 1009))"; done; }
encoded=$(printf 'the value is %s for all who ask for it' "$(token one)" | base64 -w 76)
weak=Kiwi7$(date +%s%N | sha256sum | cut -c 1-8)
for version in 1 2 3 4 5 6; do
  {
    filler 1 60
    echo "version = $version"
    # Neighbours change, the run itself twice: most of it goes, then all of it comes back.
    if [ "$version" = 3 ]; then echo "${encoded:0:44}"; else echo "$encoded"; fi
    if [ "$version" -ge 2 ]; then printf 'password = ["%s",%*s"x%s"]\n' "$weak" "$version" '' "$weak"; fi
    filler 60 $((120 + version))
    if [ "$version" = 5 ]; then printf 'token: %s\n' "$(token two | base64 -w 0)"; fi
  } > config.txt
  commit "version $version"
done
git gc -q --aggressive
for more in "-j1" "-j8" "-j8 --full-blobs"; do run 1 history . $more --json "$out/history$more.json"; done
for more in "-j8" "-j8 --full-blobs"; do cmp "$out/history-j1.json" "$out/history$more.json" || die "another report with $more"; done
check "$out/history-j1.json" 'sorted(f["rule"] for f in F) == ["generic-password", "generic-password", "github-pat-classic", "github-pat-classic"]'
check "$out/history-j1.json" 'sorted(len(f["introduced"]) for f in F if f["rule"] == "github-pat-classic") == [1, 2]'
