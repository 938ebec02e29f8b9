#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whatever the bytes: a document is read, or it is open with a reason, at once.
. "$(dirname "$0")/common.inc"

python3 - <<'PYTHON'
pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec:\n  containers:\n  - name: c\n    securityContext: {privileged: true}\n"
def write(name, data):
    with open(name, "wb") as out: out.write(data if isinstance(data, bytes) else data.encode())
write("nested.yaml", "apiVersion: v1\nkind: Pod\nprivileged: " + "[" * 200000)
write("nested_maps.yaml", "apiVersion: v1\nkind: Pod\nprivileged: " + "{a: " * 100000)
write("nested.json", '{"apiVersion": "v1", "kind": "Pod", "privileged": ' + "[" * 200000)
write("dashes.yaml", "apiVersion: v1\nkind: Pod\nprivileged: x\nspec:\n" + "- " * 100000)
write("quote.yaml", pod + '    command: "never ends\n' + "x: y\n" * 20000)
write("utf16.yaml", "\ufeff".encode("utf-16-le") + pod.encode("utf-16-le"))
write("latin1.yaml", pod.replace("{name: api}", "{name: caf\xe9}").encode("latin-1"))
write("control.yaml", pod.encode() + b"    name: \x01\x02\x00\x7f\n")
write("anchors.yaml", "apiVersion: v1\nkind: Pod\nspec: &a0 {privileged: x}\n" +
      "".join(f"a{i}: &a{i} [{', '.join(['*a' + str(i - 1)] * 9)}]\n" for i in range(1, 40)))
write("crlf.yaml", b"\xef\xbb\xbf" + pod.replace("\n", "\r\n").encode())
write("empty.yaml", "")
write("Dockerfile", "FROM x\n" + "RUN a \\\n" * 100000)
write("x.tf", 'resource "aws_db_instance" "x" { publicly_accessible = ' + "(" * 200000)
write("nginx.conf", "server " + "{ a " * 100000)
write("x.xml", "<a>" * 100000 + "password")
write("x.toml", "password = " + "[" * 200000)
PYTHON
# Each alone, so that one cannot hide behind another: a second each is generous, on a loaded machine too.
for file in *; do
  run '0|1|3' scan "$file" -j1 --json "$out/one.json"
done
seconds() { python3 - "$program" "$@" <<'PYTHON'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)
PYTHON
}
for file in *; do
  used=$(seconds scan "$file" -j1)
  python3 -c "import sys; sys.exit(not $used < 2)" || die "$file took $used seconds"
done

rules=(--only CFG-K8S-023 --only CFG-DOC-001)
for file in utf16 latin1 crlf; do
  run '1|3' scan $file.yaml "${rules[@]}" --json "$out/$file.json"
  check "$out/$file.json" 'any(f["rule"] == "CFG-K8S-023" and f["kind"] == "fail" for f in F)'
done
for file in nested.yaml nested_maps.yaml nested.json quote.yaml; do
  run '1|3' scan $file "${rules[@]}" --json "$out/open.json"
  check "$out/open.json" 'not r["complete"] and [f["rule"] for f in F if f["kind"] == "open"] == ["CFG-DOC-001"]'
  check "$out/open.json" 'all(len(f["message"]) > 20 for f in F)'
done
