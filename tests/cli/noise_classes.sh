#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Files that are full of what looks random are silent, and a token in any of them is found: no file is skipped by its name.
. "$(dirname "$0")/common.inc"

mkdir noise
python3 "$here/noise_classes.py" noise
run 0 scan noise --only kind:secret --json "$out/noise.json"
check "$out/noise.json" 'not F and r["complete"]'
run 1 scan noise --json "$out/noise.json"  # a Dockerfile without USER, a lock file that is none
check "$out/noise.json" 'all(f["class"] == "config" for f in F)'
for name in noise/*; do token "$name" > token; python3 - "$name" <<'PYTHON'
import sys
from pathlib import Path
file = Path(sys.argv[1])
text = file.read_text()
middle = text.index("HERE")  # a place of the file's own syntax
file.write_text(text[:middle] + Path("token").read_text().strip() + text[middle + 4:])
PYTHON
done
rm token
run 1 scan noise --only kind:secret --json "$out/tokens.json"
check "$out/tokens.json" '{f["rule"] for f in F} == {"github-pat-classic"} and len({f["path"] for f in F}) == len(F) == 23'
