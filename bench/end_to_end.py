#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole program against the bars of its first release: one table, one run, one machine.

  bench/end_to_end.py PROGRAM [--repository PATH]... [--tree FOLDER] [--runs N]

staged   CPU of `staged` with one changed file among 10,000, above that of `git diff --cached --name-only`
scan     wall time of `scan` of a folder without .git, as a multiple of `rg -c -uu` with one pattern
history  wall time of `history` with SARIF, as a share of `git cat-file --batch --batch-all-objects --unordered` to nowhere
scaling  wall time of `history` with one worker, as a multiple of that with two
memory   private memory of `history` (mapped files not counted), against the bound that is promised
whole    bytes a second and core that the database of the shipped rules sees: `--full-blobs -j1`, reading included
others   wall time of gitleaks, where it is installed, for scale

Each figure is checked to be of a right answer first: the staged secret is found, a secret put into the folder is found, and
reports of one worker, of two, and of --full-blobs are the same bytes. Nothing is timed that is wrong.
"""
import argparse, json, os, random, re, resource, shutil, statistics, string, subprocess, sys, tempfile, threading, time, zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C",
               **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                  for what, value in (("NAME", "Bench"), ("EMAIL", "bench@example.com"), ("DATE", "2026-01-01T00:00:00Z"))}}


def token():
    """A GitHub token that never was: made here, never stored."""
    source = random.Random(1)
    body = "".join(source.choice(ALPHABET) for _ in range(30))
    number, check = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        check = ALPHABET[digit] + check
    return "gh" + "p_" + body + check.rjust(6, "0")


def run(command, folder=None):
    """-> (exit status, wall seconds, CPU seconds)"""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.returncode, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def paired(first, second, runs, which, folder=None):
    """Medians of two commands run in turn; which: 1 wall, 2 CPU."""
    figures = ([], [])
    for command in (first, second):
        run(command, folder)
    for _ in range(runs):
        for command, list_ in zip((first, second), figures):
            list_.append(run(command, folder)[which])
    return statistics.median(figures[0]), statistics.median(figures[1])


def findings(program, arguments, folder=None):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        run([program, *arguments, "--json", report.name], folder)
        with open(report.name, "rb") as file:
            return file.read()


def require(condition, what):
    if not condition:
        sys.exit(f"not timed, because it is wrong: {what}")


def bench_staged(program, work, runs):
    repository = os.path.join(work, "staged")
    for i in range(10_000):
        folder = f"{repository}/d{i % 100}/e{i % 7}"
        if i < 700:
            os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/f{i}.txt", "w") as file:
            file.write(f"line {i}\n" * 20)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"], ["repack", "-adq"]):
        require(run(["git", *command], repository)[0] == 0, "git " + command[0])
    with open(f"{repository}/d1/e1/f1.txt", "a") as file:
        file.write(f"key = {token()}\n")
    run(["git", "add", "."], repository)
    require(len(json.loads(findings(program, ["staged"], repository))["findings"]) == 1, "the staged token is not found")
    ours, gits = paired([program, "staged"], ["git", "diff", "--cached", "--name-only"], runs * 3, 2, repository)
    return "staged: CPU above git diff --cached", f"{(ours - gits) * 1e3:.1f} ms ({ours * 1e3:.1f} - {gits * 1e3:.1f})", "15 ms"


def bench_scan(program, tree, work, runs):
    folder = os.path.join(work, "tree")
    shutil.copytree(tree, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    count = sum(len(files) for _, _, files in os.walk(folder))
    size = sum(os.lstat(os.path.join(at, one)).st_size for at, _, files in os.walk(folder) for one in files)
    with open(folder + "/planted.txt", "w") as file:
        file.write(token() + "\n")
    found = json.loads(findings(program, ["scan", folder]))["findings"]
    require(any(one["path"] == "planted.txt" for one in found), "the planted token is not found")
    ours, rgs = paired([program, "scan", folder], ["rg", "-c", "-uu", "AKIA[A-Z0-9]{16}", folder], runs * 2, 1)
    return f"scan: {count} files, {size / 1e6:.0f} MB, against rg", f"{ours / rgs:.2f} times ({ours * 1e3:.0f} / {rgs * 1e3:.0f} ms)", "2 times"


def largest_blob_and_counts(repository):
    listing = subprocess.run(["git", "-C", repository, "cat-file", "--batch-all-objects", "--unordered",
                              "--batch-check=%(objecttype) %(objectsize)"], capture_output=True, text=True).stdout
    largest = objects = commits = 0
    for line in listing.splitlines():
        kind, _, size = line.partition(" ")
        objects += 1
        commits += kind == "commit"
        if kind == "blob" and size.isdigit():
            largest = max(largest, int(size))
    return largest, objects, commits


def peak_private_memory(command):
    """Peak of the process's anonymous memory in bytes, sampled."""
    process, peak, done = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), [0], threading.Event()

    def sample():
        while not done.is_set():
            try:
                text = open(f"/proc/{process.pid}/status").read()
            except OSError:
                return
            if found := re.search(r"RssAnon:\s+(\d+) kB", text):
                peak[0] = max(peak[0], int(found[1]) * 1024)
            time.sleep(0.005)
    watcher = threading.Thread(target=sample)
    watcher.start()
    process.wait()
    done.set()
    watcher.join()
    return peak[0]


SHARES = {"git": 0.20, "redis": 0.35, "nats-server": 0.30, "libgit2": 0.55, "ccache": 0.40}


def bench_history(program, repository, runs):
    name = os.path.basename(os.path.dirname(repository.rstrip("/"))) if repository.rstrip("/").endswith("/repo") else os.path.basename(repository)
    name = name.split("+")[-1]
    history = [program, "history", repository]
    one, two, whole = (findings(program, [*history[1:], *options]) for options in (["-j1"], ["-j2"], ["-j2", "--full-blobs"]))
    require(one == two, f"{repository}: reports of one and two workers differ")
    require(one == whole, f"{repository}: reports with and without --full-blobs differ")
    report = json.loads(one)
    places = sum(len(finding["places"]) for finding in report["findings"])
    cat_file = ["git", "-C", repository, "cat-file", "--batch", "--batch-all-objects", "--unordered"]
    with tempfile.NamedTemporaryFile(suffix=".sarif") as sarif:
        gits, ours = paired(cat_file, [*history, "-j2", "--sarif", sarif.name], runs, 1)
    yield f"history of {name}: share of git cat-file", f"{ours / gits:.3f} ({ours:.2f} / {gits:.2f} s)", str(SHARES.get(name, "-"))
    slow, fast = paired([*history, "-j1"], [*history, "-j2"], runs, 1)
    yield f"history of {name}: one worker / two", f"{slow / fast:.2f} times ({slow:.2f} / {fast:.2f} s)", "1.8 times"
    largest, objects, commits = largest_blob_and_counts(repository)
    bound = 64 * 2**20 + 32 * objects + 64 * commits + 1024 * places + 2 * (24 * 2**20 + 3 * largest)
    peak = peak_private_memory([*history, "-j2"])
    yield f"history of {name}: memory", f"{peak / 2**20:.0f} MB", f"{bound / 2**20:.0f} MB"
    _, seconds, _ = run([*history, "-j1", "--full-blobs"])
    yield f"history of {name}: whole blobs, one core", f"{report['ledger']['scanned']['bytes'] / seconds / 1e9:.2f} GB/s", "0.6 GB/s"
    if shutil.which("gitleaks"):
        _, seconds, _ = run(["gitleaks", "git", "--no-banner", repository])
        yield f"gitleaks of {name}", f"{seconds:.1f} s", "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--repository", action="append", default=[])
    parser.add_argument("--tree")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    with tempfile.TemporaryDirectory() as work:
        rows = [bench_staged(program, work, arguments.runs)]
        if arguments.tree:
            rows.append(bench_scan(program, arguments.tree, work, arguments.runs))
        for repository in arguments.repository:
            rows.extend(bench_history(program, repository, arguments.runs))
    print(f"| {'figure':48} | {'measured':36} | bar |\n|---|---|---|")
    for what, measured, bar in rows:
        print(f"| {what:48} | {measured:36} | {bar} |")


main()
