# SPDX-License-Identifier: Apache-2.0
"""noise_classes.py FOLDER: writes files of the kinds that are full of what looks random and is no secret. Each holds the word
HERE at a place where a token could stand in such a file."""
import base64
import hashlib
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])


def digest(name, kind="sha256"):
    return hashlib.new(kind, name.encode()).digest()


def sri(name):
    return "sha512-" + base64.b64encode(digest(name, "sha512")).decode()


def uuid(name):
    made = digest(name).hex()
    return f"{made[:8]}-{made[8:12]}-4{made[13:16]}-a{made[17:20]}-{made[20:32]}"


def write(name, text):
    assert "HERE" in text, name
    (folder / name).write_text(text)


NAMES = [f"package-{i}" for i in range(40)]
write("package-lock.json", json.dumps({"lockfileVersion": 3, "packages": {
    "node_modules/" + n: {"version": "1.2.3", "resolved": f"https://registry.npmjs.org/{n}/-/{n}-1.2.3.tgz#HERE", "integrity": sri(n)}
    for n in NAMES}}, indent=2))
write("yarn.lock", "# HERE\n" + "".join(
    f'"{n}@^1.2.0":\n  version "1.2.3"\n  resolved "https://registry.yarnpkg.com/{n}/-/{n}-1.2.3.tgz#{digest(n, "sha1").hex()}"\n'
    f"  integrity {sri(n)}\n\n" for n in NAMES))
write("go.sum", "".join(f"github.com/a/{n} v1.2.3 h1:{base64.b64encode(digest(n)).decode()}\n" for n in NAMES) + "// HERE\n")
write("Cargo.lock", "# HERE\n" + "".join(f'[[package]]\nname = "{n}"\nversion = "1.0.0"\nchecksum = "{digest(n).hex()}"\n\n' for n in NAMES))
write("poetry.lock", "# HERE\n" + "".join(f'{{file = "{n}.whl", hash = "sha256:{digest(n).hex()}"}},\n' for n in NAMES))
write("icon.svg", '<svg viewBox="0 0 24 24"><path d="' + "".join(
    f"M{i}.{i * 37 % 100}a{i % 9}.4 0 0 1-.{i * 71 % 1000}l-3.{i * 13 % 977}z" for i in range(400)) + '"/><!-- HERE --></svg>\n')
VLQ = "AACA,SAASA,GAAIC,CAAC,EAAE;QACH,MAAMD,KAAK,EAAE,CAAC;"
write("app.js.map", json.dumps({"version": 3, "sources": ["app.ts"], "names": ["token", "password", "secretKey"], "mappings": VLQ * 200,
                                "sourcesContent": ["export const a = 1; // HERE\n"]}))
write("app.min.js", "".join(
    f'function t{i}(e,n){{var r=e.token||n.password,o=e.apiKey;return r===o?null:{{key:r,secret:o,auth:!0,i:"{digest(str(i)).hex()[:8]}"}}}}'
    for i in range(200)) + '/*HERE*/\n')
write("colours.css", "".join(f".key-{i}{{color:#{digest(str(i)).hex()[:6]};background:#{digest(str(i)).hex()[6:12]}}}\n" for i in range(200)) + "/* HERE */\n")
write("ids.yml", "".join(f"- id: {uuid(n)}\n  user_id: {uuid(n + 'u')}\n" for n in NAMES) + "# HERE\n")
write("commits.txt", "".join(f"{digest(n, 'sha1').hex()} commit of {n}\n" for n in NAMES) + "HERE\n")
write("SHA256SUMS", "".join(f"{digest(n).hex()}  {n}.tar.gz\n" for n in NAMES) + "# HERE\n")
write("known.pub", "".join(
    "ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + digest(n)).decode() + f" me@{n}\n" for n in NAMES) + "# HERE\n")
write("public.pem", "HERE\n-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(b"0\x82\x01\"0\r\x06\t*\x86H\x86\xf7\r\x01\x01\x01\x05\0" + b"".join(
    digest(n) for n in NAMES[:9])).decode() + "-----END PUBLIC KEY-----\n")
write("server.crt", "HERE\n-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(b"0\x82\x03" + b"".join(
    digest(n) for n in NAMES[:25])).decode() + "-----END CERTIFICATE-----\n")
write("de.json", json.dumps({
    "password": "Passwort", "passwordHint": "Bitte gib dein Passwort ein", "login": {"password": "Kennwort eingeben", "token": "Zugangstoken"},
    "errors": {"password": "Das Passwort ist zu kurz", "secret": "Geheimnis"}, "apiKey": "API-Schlüssel", "other": "HERE"}, indent=1, ensure_ascii=False))
write("fr.po", 'msgid "Password"\nmsgstr "Mot de passe"\n\nmsgid "Your password: {0}"\nmsgstr "Votre mot de passe : {0}"\n# HERE\n')
write("messages.properties", "password=Password\npassword.hint=Enter your password\nlogin.password=Please type your password\nx=HERE\n")
write("view.test.js.snap", "// Jest Snapshot v1, https://goo.gl/fbAQLP\n\nexports[`form renders 1`] = `\n<form>\n  <input\n    name=\"password\"\n"
      "    placeholder=\"Password\"\n    type=\"password\"\n    value=\"\"\n  />\n  <input name=\"csrfToken\" value=\"HERE\" />\n</form>\n`;\n")
write("pip.txt", "".join(f"{n}==1.2.3 \\\n    --hash=sha256:{digest(n).hex()}\n" for n in NAMES) + "# HERE\n")
write("image.html", '<img alt="HERE" src="data:image/png;base64,' + base64.b64encode(
    b"\x89PNG\r\n\x1a\n" + b"".join(digest(n) for n in NAMES)).decode() + '">\n')
write("form.html", '<label for="password">Password</label><input type="password" name="password" id="password" value="">\n'
      '<input type="hidden" name="authenticity_token" value="' + base64.b64encode(digest("csrf", "sha512")).decode() + '"><!-- HERE -->\n')
write("Dockerfile", f"FROM alpine@sha256:{digest('alpine').hex()}\nARG PASSWORD\nENV PASSWORD=$PASSWORD\nENV TOKEN=${{TOKEN}}\n# HERE\n")
