#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sealwarden:allow is understood in every format that has comments: on the value's line and on the line above, until its day,
# and never in what is text.
. "$(dirname "$0")/common.inc"

cat > rules.toml <<'TOML'
[[rule]]
id = "CFG-TST-001"
name = "todo"
kind = "config"
title = "A box that is not checked"
severity = "low"
docs = ["markdown"]
each = "blocks[*]"
when = [{ path = "checked", falsy = true, type = "boolean" }]
message = "Not done."
why = "It was to be done."
fix = "Do it."
TOML

python3 - "$program" "$out" <<'PYTHON' || die "marks in comments"
import json, pathlib, subprocess, sys
program, out = sys.argv[1:]
secret = "c0rrect-h0rse-9battery"
# name: file, rule, comment, text. @ABOVE@ is a line of its own, @BEHIND@ stands behind the value if the format can have that;
# @STRING@ is within a text of the line above.
FORMATS = {
    "yaml": ("app.yaml", "CFG-GEN-001", "# %s", f"a: 1\n@ABOVE@\npassword: {secret} @BEHIND@\n", f'a: "# @STRING@"\npassword: {secret}\n'),
    "yaml block": ("app.yaml", "CFG-GEN-001", "# %s", f"a: 1\n@ABOVE@\npassword: {secret} @BEHIND@\n", f"a: |\n  # @STRING@\npassword: {secret}\n"),
    "toml": ("app.toml", "CFG-GEN-001", "# %s", f'a = 1\n@ABOVE@\npassword = "{secret}" @BEHIND@\n', f'a = "# @STRING@"\npassword = "{secret}"\n'),
    "toml text": ("app.toml", "CFG-GEN-001", "# %s",
        f"a = 1\n@ABOVE@\npassword = '{secret}' @BEHIND@\n",
        f"a = '''\n# @STRING@'''\npassword = '{secret}'\n"),
    "ini": ("app.ini", "CFG-GEN-001", "; %s", f"[db]\n@ABOVE@\npassword = {secret}\n", f"[db]\na = @STRING@\npassword = {secret}\n"),
    "ini hash": ("app.ini", "CFG-GEN-001", "# %s", f"[db]\n@ABOVE@\npassword = {secret}\n", f'[db]\na = "# @STRING@"\npassword = {secret}\n'),
    "properties": ("app.properties", "CFG-GEN-001", "# %s", f"a=1\n@ABOVE@\ndb.password={secret}\n", f"a=1 # @STRING@\ndb.password={secret}\n"),
    "properties !": ("app.properties", "CFG-GEN-001", "! %s", f"a=1\n@ABOVE@\ndb.password={secret}\n", f"a=\\\n  # @STRING@\ndb.password={secret}\n"),
    "dotenv": ("app.env", "CFG-GEN-001", "# %s", f"A=1\n@ABOVE@\nDB_PASSWORD={secret} @BEHIND@\n", f'A="# @STRING@"\nDB_PASSWORD={secret}\n'),
    "hcl #": ("main.tf", "CFG-TF-001", "# %s",
        f'provider "x" {{\n  @ABOVE@\n  password = "{secret}" @BEHIND@\n}}\n',
        f'provider "x" {{\n  a = "# @STRING@"\n  password = "{secret}"\n}}\n'),
    "hcl //": ("main.tf", "CFG-TF-001", "// %s",
        f'provider "x" {{\n  @ABOVE@\n  password = "{secret}" @BEHIND@\n}}\n',
        f'provider "x" {{\n  a = <<E\n# @STRING@\nE\n  password = "{secret}"\n}}\n'),
    "hcl /*": ("main.tf", "CFG-TF-001", "/* %s */",
        f'provider "x" {{\n  @ABOVE@\n  password = "{secret}" @BEHIND@\n}}\n',
        f'provider "x" {{\n  a = "/* @STRING@ */"\n  password = "{secret}"\n}}\n'),
    "dockerfile": ("Dockerfile", "CFG-DKR-001", "# %s",
        f"FROM scratch\n@ABOVE@\nENV DB_PASSWORD={secret}\n",
        f'FROM scratch\nLABEL a="# @STRING@"\nENV DB_PASSWORD={secret}\n'),
    "dockerfile heredoc": ("Dockerfile", "CFG-DKR-001", "# %s",
        f"FROM scratch\n@ABOVE@\nENV DB_PASSWORD={secret}\n",
        f"FROM x\nCOPY <<E /a\n# @STRING@\nE\nENV DB_PASSWORD={secret}\n"),
    "nginx": ("nginx.conf", "CFG-WEB-001", "# %s",
        "server {\n  @ABOVE@\n  ssl_protocols TLSv1; @BEHIND@\n}\n",
        'server {\n  add_header a "# @STRING@";\n  ssl_protocols TLSv1;\n}\n'),
    "xml": ("app.xml", "CFG-GEN-001", "<!-- %s -->",
        f"<a>\n@ABOVE@\n<password>{secret}</password> @BEHIND@\n</a>\n",
        f"<a>\n<b><![CDATA[<!-- @STRING@ -->]]></b>\n<password>{secret}</password>\n</a>\n"),
    "json": ("app.jsonc", "CFG-GEN-001", "// %s",
        f'{{\n@ABOVE@\n"password": "{secret}" @BEHIND@\n}}\n',
        f'{{\n"a": "// @STRING@",\n"password": "{secret}"\n}}\n'),
    "json /*": ("app.json5", "CFG-GEN-001", "/* %s */",
        f'{{\n@ABOVE@\n"password": "{secret}" @BEHIND@\n}}\n',
        f'{{\n"a": "/* @STRING@ */",\n"password": "{secret}"\n}}\n'),
    "markdown": ("a.md", "CFG-TST-001", "<!-- %s -->",
        "# A\n\n@ABOVE@\n- [ ] do it @BEHIND@\n",
        "# A\n\n`<!-- @STRING@ -->` and ``` `<!-- @STRING@ -->` ```\n- [ ] do it\n"),
    "markdown code": ("a.md", "CFG-TST-001", "<!-- %s -->", "# A\n\n@ABOVE@\n- [ ] do it @BEHIND@\n", "```\n<!-- @STRING@ -->\n```\n- [ ] do it\n"),
    "markdown front matter": ("a.md", "CFG-TST-001", "<!-- %s -->",
        "# A\n\n@ABOVE@\n- [ ] do it\n",
        '---\na: "<!-- @STRING@ -->"\n---\n- [ ] do it\n'),
}
failures = []

def accepted(name, file, rule, text, day="2026-11-21"):
    """Whether the one finding is accepted, with its reason; and what was warned."""
    folder = pathlib.Path("work")
    folder.mkdir(exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    report = pathlib.Path(out, "report.json")
    run = subprocess.run([program, "scan", "work", "--rules", "rules.toml", "--only", rule, "--as-of", day, "--json", report], capture_output=True, text=True)
    (folder / file).unlink()
    findings = json.loads(report.read_text())["findings"]
    if len(findings) != 1 or run.returncode not in (0, 1):
        failures.append(f"{name}: {len(findings)} findings, status {run.returncode}, {run.stderr.strip()} in\n{text}")
        return None, ""
    mark = findings[0]["suppressed"]
    if (run.returncode == 0) != bool(mark):
        failures.append(f"{name}: status {run.returncode}, suppressed: {mark}")
    return (mark["why"] if mark else None), run.stderr

def expect(what, got, wanted, text):
    if got != wanted:
        failures.append(f"{what}: {got!r} instead of {wanted!r} in\n{text}")

for name, (file, rule, comment, text, with_string) in FORMATS.items():
    def put(mark, place):
        made = comment % mark
        return text.replace("@ABOVE@", made if place == "@ABOVE@" else "").replace(" @BEHIND@", " " + made if place == "@BEHIND@" else "")
    places = [place for place in ("@ABOVE@", "@BEHIND@") if place in text]
    for place in places:
        full = put(f'sealwarden:allow {rule} until=2026-12-31 reason="for the test"', place)
        expect(f"{name} {place}", accepted(name, file, rule, full)[0], "for the test", full)
        expect(f"{name} {place}, expired", accepted(name, file, rule, full, "2027-01-01")[0], None, full)
        bare = put('sealwarden:allow reason="all rules"', place)
        expect(f"{name} {place}, without ids", accepted(name, file, rule, bare)[0], "all rules", bare)
        other = put('sealwarden:allow CFG-K8S-001 reason="another rule"', place)
        expect(f"{name} {place}, another rule", accepted(name, file, rule, other)[0], None, other)
    for mark, word in ((f'sealwarden:allow CFG-NO-999 reason="x"', "CFG-NO-999"), (f"sealwarden:allow {rule} until=2027-02-30", "2027-02-30")):
        faulty = put(mark, "@ABOVE@")
        why, said = accepted(name, file, rule, faulty)
        expect(f"{name}, {word}", why, None, faulty)
        if f"{file}:" not in said or word not in said:
            failures.append(f"{name}: no warning of {word}: {said!r}")
    string = with_string.replace("@STRING@", f"sealwarden:allow {rule}")
    expect(f"{name}, in a text", accepted(name, file, rule, string)[0], None, string)
if failures:
    sys.exit("FAILED:\n" + "\n".join(failures))
PYTHON
