#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random histories with merges, several roots, octopuses and re-adding: introducing and removing commits, reach and
at_head of each finding against a naive reading of every commit's files.   history_lives.py PROGRAM SEED TOKEN1 TOKEN2"""
import json, os, random, subprocess, sys

program, seed, tokens = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
paths = ["a", "d/b", "d/e/c"]


def git(*arguments, **options):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True, **options).stdout


def make_history(source):
    """-> {commit mark: (parents, {path: content})}, refs; written by git fast-import"""
    commits, stream = {}, []
    for mark in range(1, 31):
        known = list(commits)
        count = source.choice([0] + [1] * 6 + [2] * 4 + [3]) if known else 0
        parents = source.sample(known[-6:], min(count, len(known[-6:])))
        files = dict(commits[parents[0]][1]) if parents else {}
        for other in parents[1:]:
            for path in paths:
                if source.random() < .5 and path in commits[other][1]:
                    files[path] = commits[other][1][path]
        for path in paths:
            chance = source.random()
            if chance < .15:
                files.pop(path, None)
            elif chance < .5:
                files[path] = f"x{source.randrange(3)}\n" + "".join(t + "\n" for t in tokens if source.random() < .4)
        commits[mark] = (parents, files)
        stream.append(f"commit refs/heads/c{mark}\nmark :{mark}\ncommitter T <t@example.com> {1700000000 + mark * 60} +0000\ndata 1\nm\n")
        stream += [f"{'from' if i == 0 else 'merge'} :{p}\n" for i, p in enumerate(parents)]
        stream.append("deleteall\n" + "".join(f"M 644 inline {p}\ndata {len(c)}\n{c}\n" for p, c in sorted(files.items())) + "\n")
    git("init", "-q", "-b", "c30", "repo")
    git("-C", "repo", "fast-import", "--quiet", "--export-marks=../marks", input="".join(stream))
    ids = {int(line.split()[0][1:]): line.split()[1] for line in open("marks")}
    kept = set(source.sample(range(1, 30), 4)) | {30}
    for mark in commits:
        if mark not in kept:
            git("-C", "repo", "update-ref", "-d", f"refs/heads/c{mark}")
    return commits, ids, kept


def ancestors(commits, mark):
    seen, todo = set(), [mark]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += commits[at][0]
    return seen


def naive(commits, kept):
    """-> {(token, path): (introduced, removed, at_head, reaches)} with marks"""
    reached = set().union(*(ancestors(commits, mark) for mark in kept))
    lives = {}
    for token in tokens:
        for path in paths:
            holds = {mark: token in files.get(path, "") for mark, (_, files) in commits.items()}
            if not any(holds.values()):
                continue
            introduced, removed = [], []
            for mark, (parents, files) in commits.items():
                held = [holds[p] for p in parents]
                if holds[mark] and not any(held):
                    introduced.append(mark)
                if not holds[mark] and any(held):
                    others = [p for p, h in zip(parents, held) if not h]
                    if not any(r in ancestors(commits, p) for r in removed for p in others):
                        removed.append(mark)
            tips = [mark for mark in kept if holds[mark]]
            versions = set()
            for mark, (parents, files) in commits.items():
                content = files.get(path)
                if holds[mark] and content not in [commits[p][1].get(path) for p in parents]:
                    reach = "history" if mark in reached else "unreachable"
                    if any(commits[t][1].get(path) == content for t in tips):
                        reach = "head" if commits[30][1].get(path) == content else "tip"
                    versions.add((mark, reach))
            lives[token, path] = (introduced, [] if tips else removed, holds[30], versions)
    return lives


commits, ids, kept = make_history(random.Random(seed))
subprocess.run([program, "history", "repo", "--show-secrets", "--json", "lives.json"], stderr=subprocess.DEVNULL)
report = json.load(open("lives.json"))
marks = {value: key for key, value in ids.items()}
told = {}
for finding in report["findings"]:
    told[finding["secret"], finding["path"]] = (
        [marks[c] for c in finding["introduced"]], [marks[c] for c in finding["removed"]], finding["at_head"],
        {(marks[p["commit"]], p["reach"]) for p in finding["places"]})
expected = naive(commits, kept)
for key in sorted(set(told) | set(expected)):
    if told.get(key) != expected.get(key):
        sys.exit(f"seed {seed}, {key[1]}: told {told.get(key)}, expected {expected.get(key)}")
