#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A secret that a secret rule and a policy rule see is one finding, known by both names.
. "$(dirname "$0")/common.inc"

new_repo
secret=$(token also)
cat > pod.yaml <<YAML
apiVersion: v1
kind: Pod
metadata: {name: api}
spec:
  containers:
  - name: c
    env:
    - name: GITHUB_TOKEN
      value: $secret
YAML
commit
both=(--only github-pat-classic --only CFG-K8S-001)
run 1 scan . "${both[@]}" --json "$out/both.json" --sarif "$out/both.sarif"
check "$out/both.json" 'len(F) == 1 and sorted([F[0]["rule"]] + F[0]["also"]) == ["CFG-K8S-001", "github-pat-classic"]'
check "$out/both.json" 'sorted(n.split(":")[0] for n in [F[0]["fingerprint"]] + F[0]["also_fingerprints"]) == ["policy/v1", "sealwarden/v1"]'
check "$out/both.json" 'F[0]["node"] == "" or "GITHUB_TOKEN" in F[0]["node"]'
python3 - "$out/both.sarif" <<'PYTHON' || die "SARIF does not have both names"
import json, sys
[result] = json.load(open(sys.argv[1]))["runs"][0]["results"]
assert set(result["fingerprints"]) == {"policy/v1", "sealwarden/v1"}, result
assert set(result["partialFingerprints"]) == {"policy/v1", "sealwarden/v1"}, result
PYTHON

# The higher severity of both counts, whichever rule has the finding.
for config in '[override."github-pat-classic"]\nseverity = "low"' '[override."CFG-K8S-001"]\nseverity = "low"'; do
  printf "$config\n" > config.toml
  run 1 scan . "${both[@]}" --config config.toml --json "$out/severity.json"
  check "$out/severity.json" 'len(F) == 1 and F[0]["severity"] in ("high", "critical")'
done

# Without one of the rules the other's name is left.
run 1 scan . "${both[@]}" --skip github-pat-classic --json "$out/policy.json"
check "$out/policy.json" 'len(F) == 1 and F[0]["rule"] == "CFG-K8S-001" and F[0]["also"] == []'
run 1 scan . "${both[@]}" --skip CFG-K8S-001 --json "$out/secret.json"
check "$out/secret.json" 'len(F) == 1 and F[0]["rule"] == "github-pat-classic" and F[0]["also"] == []'

# Also where the secret rule's format is all that tells: without it nothing would be known of this name.
sed 's/GITHUB_TOKEN/PLACE/' pod.yaml > place.yaml
run 1 scan place.yaml "${both[@]}" --json "$out/place.json"
check "$out/place.json" 'len(F) == 1 and sorted([F[0]["rule"]] + F[0]["also"]) == ["CFG-K8S-001", "github-pat-classic"]'
for without in '--skip github-pat-classic --only CFG-K8S-001' '--only CFG-K8S-001' '--skip kind:secret --skip kind:file'; do
  run 1 scan place.yaml $without --json "$out/place.json"
  check "$out/place.json" '[f["rule"] for f in F if f["class"] == "secret"] == ["CFG-K8S-001"] and "github-pat-classic" not in str(F)'
done
printf '[override."github-pat-classic"]\ndisabled = true\n' > config.toml
run 1 scan place.yaml "${both[@]}" --config config.toml --json "$out/place.json"
check "$out/place.json" '[(f["rule"], f["also"]) for f in F] == [("CFG-K8S-001", [])]'
rm place.yaml config.toml

# A baseline that knows it by one name knows the finding that has both.
for only in github-pat-classic CFG-K8S-001; do
  rm -f .sealwarden-baseline.json
  run 0 baseline create --only "$only"
  run 0 scan . "${both[@]}" --json "$out/known.json"
  check "$out/known.json" 'len(F) == 1 and F[0]["suppressed"]["kind"] == "baseline"'
  run 0 history . "${both[@]}" --baseline .sealwarden-baseline.json
done
# So does an ignore file.
rm -f .sealwarden-baseline.json
python3 -c 'import json, sys; print(*[f["fingerprint"] for f in json.load(open(sys.argv[1]))["findings"]], "# known")' "$out/policy.json" > .sealwardenignore
run 0 scan . "${both[@]}"
