#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A found password is masked in paths and messages, whatever it is made of; only an ordinary word is not, for a masked path
# leads nowhere.
. "$(dirname "$0")/common.inc"

# chance LENGTH: letters that no language has; the same in each run.
chance() {
  python3 -c 'import random, sys
n = int(sys.argv[1])
r = random.Random(n)
print("".join(r.choice("QWXZVKqwxzvkJj") for _ in range(n)))' "$1"
}
mkdir in
for value in "$(chance 16)" "$(chance 8)-$(chance 7)" "$(chance 12)_$(chance 3)" "password$(chance 7)"; do
  echo "$value" >> "$work/planted"
  mkdir "in/$value"
  printf 'password = "%s"\n' "$value" > "in/$value/a.py"
done
run 1 scan in --min-confidence low --json "$out/report.json" --sarif "$out/report.sarif"
check "$out/report.json" 'len(F) == 4 and all("…(" in f["path"] for f in F)'
run 1 scan in

mkdir word word/application
printf 'password = "application"\n' > word/application/a.py
run '0|1' scan word --min-confidence low --json "$out/word.json"
check "$out/word.json" '[f["path"] for f in F] == ["application/a.py"]'
