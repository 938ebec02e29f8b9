#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A push into quarantine: a leak is refused with a reason, a clean push passes.
. "$(dirname "$0")/common.inc"

git init -q --bare server.git
cat > server.git/hooks/pre-receive <<HOOK
#!/bin/sh
exec "$program" range --stdin-refs >&2
HOOK
chmod +x server.git/hooks/pre-receive
new_repo client
cd client
echo start > start
commit
git push -q ../server.git main
echo "$(token pushed)" > leak
commit
not git push ../server.git main > "$out/push" 2>&1
grep -q 'github-pat-classic' "$out/push"
git rm -q leak
git commit -q --amend -m "clean" --allow-empty
git push -q ../server.git main
git tag -a -m "About $(token tag)" v1
not git push ../server.git v1 > "$out/tag" 2>&1
[ -z "$(git -C ../server.git tag)" ]
