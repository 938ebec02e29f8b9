#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Loose objects that end too early, are longer than they say, or hold something else: a loss, at once.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token held)" > f
commit
object=.git/objects/$(git rev-parse :f | sed 's,..,&/,')
chmod u+w "$object"
cp "$object" "$work/private/whole"
echo more >> f
git add f
broken() {
  run 1 history
  prints "corrupt object"
  for command in "staged" "range --stdin-refs"; do
    echo "0000000000000000000000000000000000000000 $(git rev-parse HEAD) refs/heads/new" |
      { run "0|1|3" $command; }
  done
}
size=$(stat -c %s "$object")
for cut in 0 1 2 10 20 $((size - 1)); do
  head -c "$cut" "$work/private/whole" > "$object"
  broken
done
for content in 'blob 5\0' 'blob 42\0' 'blob 3\0ok\n' 'tree 41\0'; do
  python3 - "$object" "$content" <<'PYTHON'
import sys, zlib
head = sys.argv[2].encode().decode("unicode_escape").encode()
open(sys.argv[1], "wb").write(zlib.compress(head + open("f", "rb").read()))
PYTHON
  broken
done
