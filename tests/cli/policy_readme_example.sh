#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole rule that rules/README.md shows does what it says.
. "$(dirname "$0")/common.inc"

python3 - "$root/rules/README.md" > rule.toml <<'PYTHON'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
print(re.search(r"policy_readme_example\.sh runs this block -->\n```toml\n(.*?)```", text, re.S)[1])
PYTHON
run 0 rules test rule.toml
mkdir settings
printf 'shop:\n  name: north\n  payment: {key: "c0rrect-h0rse-9battery"}\n' > settings/shop.yaml
run 1 scan . --rules rule.toml --only CFG-SHOP-001 --json "$out/report.json"
check "$out/report.json" '[(f["document"], f["node"], f["places"][0]["start_line"]) for f in F] == [("shop/north", "shop.payment.key", 3)]'
run 0 policy explain settings/shop.yaml:3 --rules rule.toml
prints 'rule CFG-SHOP-001'
prints 'shop.payment.key: violated'
