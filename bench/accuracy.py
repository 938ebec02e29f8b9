#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the program finds of labelled secrets in real code: tables of recall and precision.

  bench/accuracy.py --shared FOLDER --mirrors FOLDER --work FOLDER [--binary PROGRAM] [--min-confidence low]
                    [--held-out OWNER/NAME,...] [--closed] [--folds N] [--keep FOLDER]

FOLDER of --shared holds labels-dev.csv, assemble.py and score.py. They are no part of this project: without them nothing can
be measured. --mirrors has the git directories of the labelled repositories, and is needed once, to lay out the labelled files
in --work. The figures are those of score.py, line `core`; what they mean is said there.

Tables, each at the default threshold and at --min-confidence:
  sums      all repositories; those that were held out; those that were not
  folds     the repositories in N parts, sorted by the SHA-256 of their names, the i-th in part i mod N
  spread    the least and the best repositories that have at least ten core rows, held-out ones left out

The word lists and character pairs are not trained on the labelled data: rules/char_pairs.txt is made by
bench/train_char_pairs.py from six public repositories that are not among the labelled ones, the lexicon is written by hand. So
nothing is trained anew for a fold: folds show how much repositories differ, not what training on the others would give.

Held-out repositories were named before any of them was read; rules are tuned without looking at them, and they are scored once
at the end. Until then use --closed: they are then left out of the table of sums (but not of `all` and of the folds).
Nothing of the labelled files is printed, only sums and names of repositories.
"""
import argparse, collections, hashlib, importlib.util, os, subprocess, sys, tempfile

HELD_OUT = ("tornadoweb/tornado,xo/usql,PyGithub/PyGithub,laradock/laradock,binarylogic/authlogic,zhoutaoo/SpringCloud,"
            "cloudfoundry/credhub,postmanlabs/postman-collection-transformer")
LEAST_ROWS = 10  # core rows that a repository must have for figures of its own
SHOWN = 5        # repositories at either end of the spread
COMPLETE = (0, 1)  # exit status of a scan that read everything


def load_score(shared):
    specification = importlib.util.spec_from_file_location("score", os.path.join(shared, "score.py"))
    module = importlib.util.module_from_spec(specification)
    sys.dont_write_bytecode = True  # what is shared stays as it is
    specification.loader.exec_module(module)
    return module


def assemble(shared, mirrors, work, labels):
    """Lays out the labelled files, if one is not there yet."""
    wanted = {row["file"] for row in labels}

    def missing():
        return sum(not os.path.exists(os.path.join(work, file)) for file in wanted)
    if missing() == 0:
        return
    if not mirrors:
        sys.exit(f"{missing()} of {len(wanted)} labelled files are not in {work}: name the git directories with --mirrors")
    subprocess.run([sys.executable, os.path.join(shared, "assemble.py"), "--mirrors", mirrors, "--out", work],
                   stdout=subprocess.DEVNULL, check=True)
    if missing() > 0:
        print(f"{missing()} of {len(wanted)} labelled files could not be had: their rows count as not found", file=sys.stderr)


def scan(binary, score, work, confidence, report):
    """-> findings as score.py takes them"""
    command = [binary, "scan", os.path.join(work, "raw"), "--no-ignore", "--no-repo-config", "--json", report]
    if confidence:
        command += ["--min-confidence", confidence]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in COMPLETE:
        with_report = done.returncode == 3 and os.path.exists(report)
        print(f"`sealwarden scan` ended with {done.returncode}: {done.stderr.strip()}", file=sys.stderr)
        if not with_report:
            sys.exit(1)
    found = list(score.from_report(report))
    for one in found:
        if not one["file"].startswith("raw/"):
            one["file"] = "raw/" + one["file"]
    return found


class Labelled:
    """The labels and what was found, to be scored for any set of repositories."""

    def __init__(self, score, labels, found, work):
        self.score, self.found, self.work = score, collections.defaultdict(list), work
        self.labels = collections.defaultdict(list)
        repository_of = {}
        for row in labels:
            self.labels[row["repo"]].append(row)
            repository_of[row["file"]] = row["repo"]
        for one in found:
            self.found[repository_of.get(one["file"])].append(one)

    def figures(self, repositories):
        rows = [row for name in repositories for row in self.labels[name]]
        found = [one for name in repositories for one in self.found[name]]
        return self.score.score(rows, found, self.work)


def by_hash(name):
    return hashlib.sha256(name.encode()).hexdigest()


def folds_of(repositories, count):
    ordered = sorted(repositories, key=by_hash)
    return [[name for i, name in enumerate(ordered) if i % count == fold] for fold in range(count)]


def table(heads, rows):
    rows = [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    print("\n| " + " | ".join(head.ljust(width) for head, width in zip(heads, widths)) + " |")
    print("|" + "|".join("---" for _ in heads) + "|")
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")


def print_sums(groups, thresholds):
    rows = []
    for what, repositories in groups:
        for threshold, labelled in thresholds:
            s = labelled.figures(repositories)
            rows.append([f"{what} ({len(repositories)})", threshold, s["T_core"], s["R_core"], s["P_core"], s["F1_core"],
                         s["P_core_strict"], s["R_unique"], s["R_macro"]])
    table(["repositories", "threshold", "core rows", "R", "P", "F1", "P_strict", "R_unique", "R_macro"], rows)


def print_folds(repositories, count, thresholds):
    rows, all_f1 = [], [[] for _ in thresholds]
    for number, fold in enumerate(folds_of(repositories, count)):
        row = [str(number), len(fold)]
        for (_, labelled), f1 in zip(thresholds, all_f1):
            s = labelled.figures(fold)
            f1.append(s["F1_core"])
            row += [s["R_core"], s["P_core"], s["F1_core"]]
        rows.append([*row[:2], s["T_core"], *row[2:]])
    rows.append(["mean", "", "", *(cell for f1 in all_f1 for cell in ("", "", sum(f1) / len(f1)))])
    rows.append(["least", "", "", *(cell for f1 in all_f1 for cell in ("", "", min(f1)))])
    table(["fold", "repositories", "core rows", *(f"{figure}, {threshold}" for threshold, _ in thresholds for figure in ("R", "P", "F1"))], rows)


def print_spread(repositories, threshold, labelled):
    figures = [(name, labelled.figures([name])) for name in repositories]
    figures = sorted(((name, s) for name, s in figures if s["T_core"] >= LEAST_ROWS), key=lambda one: (one[1]["F1_core"], one[0]))
    shown = min(SHOWN, len(figures) // 2)
    if shown == 0:
        return
    print(f"\n{len(figures)} repositories that are not held out have {LEAST_ROWS} core rows or more; the {shown} least and the {shown} best, "
          f"threshold {threshold}:")
    table(["repository", "core rows", "R", "P", "F1"],
          [[name, s["T_core"], s["R_core"], s["P_core"], s["F1_core"]] for name, s in figures[:shown] + figures[-shown:]])


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", required=True, help="the folder of labels-dev.csv, assemble.py and score.py")
    parser.add_argument("--mirrors", help="git directories of the labelled repositories")
    parser.add_argument("--work", required=True, help="where the labelled files are laid out, or were before")
    parser.add_argument("--binary", default=os.path.join(here, "../build/release/sealwarden"))
    parser.add_argument("--min-confidence", choices=["low", "medium", "high"], default="low",
                        help="the second threshold (default: low)")
    parser.add_argument("--held-out", default=HELD_OUT, help="repositories that rules are not tuned on, with commas between")
    parser.add_argument("--closed", action="store_true", help="do not score the held-out repositories yet")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--keep", metavar="FOLDER", help="keep the reports of the scans there")
    arguments = parser.parse_args()
    if arguments.folds < 1:
        parser.error("--folds: at least one")
    file = os.path.join(arguments.shared, "labels-dev.csv")
    if not os.path.exists(file):
        sys.exit(f"there is no {file}: without the labelled data nothing can be measured")
    score = load_score(arguments.shared)
    labels = score.read_labels(file)
    repositories = sorted({row["repo"] for row in labels})
    held_out = [name for name in arguments.held_out.split(",") if name]
    if unknown := sorted(set(held_out) - set(repositories)):
        sys.exit(f"not among the labelled repositories: {', '.join(unknown)}")
    assemble(arguments.shared, arguments.mirrors, arguments.work, labels)

    thresholds = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or temporary
        os.makedirs(folder, exist_ok=True)
        for name, confidence in (("default", None), (arguments.min_confidence, arguments.min_confidence)):
            found = scan(os.path.abspath(arguments.binary), score, arguments.work, confidence, os.path.join(folder, f"{name}.json"))
            thresholds.append((name, Labelled(score, labels, found, arguments.work)))

    others = [name for name in repositories if name not in held_out]
    groups = [("all", repositories)]
    if held_out and not arguments.closed:
        groups += [("held out", held_out), ("not held out", others)]
    print_sums(groups, thresholds)
    print_folds(repositories, arguments.folds, thresholds)
    print_spread(others, *thresholds[0])


main()
