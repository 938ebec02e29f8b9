// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/attribution.h"
#include "git/roots.h"
#include "scanner/app/grouping.h"
#include "scanner/app/history_targets.h"
#include "scanner/base/ledger.h"

namespace sealwarden {

// Where commits are reached from, as bits of one byte a commit.
enum : uint8_t { kByRefs = 1, kByNotes = 2, kByStash = 4, kByReflog = 8, kByAnyRoot = 15 };

// The life of every leak: places with reach, introducing and removing commits. Writes the ledger's lines on objects that
// are not there.
struct HistoryContext {
  const RuleSet& rules;
  const HistoryFacts& facts;
  const HistoryTargets& targets;
  const Roots& roots;
  const ObjectStore& store;
  const CommitGraph& graph;
  const std::vector<uint8_t>& reached_by;  // bits above, by commit
  bool refs_only;
};

// The id, and as long as it is a tag's, what that names: tags of tags, at last a commit, tree or blob.
std::vector<ObjectId> peel_chain(const HistoryFacts& facts, const ObjectId& id);
ObjectId peel(const HistoryFacts& facts, const ObjectId& id);  // the last of them

std::vector<uint8_t> mark_reached(const HistoryFacts& facts, const Roots& roots, const CommitGraph& graph);

// Leaks in blobs, names of files and folders, and whole files.
void add_content_leaks(const HistoryContext& context, const Attribution& attribution, Drafts& drafts);
// Leaks in messages, authors, names of refs, reflogs and the repository's configuration.
void add_text_leaks(const HistoryContext& context, const std::vector<TextHits>& root_texts, Drafts& drafts);
// Authors and dates of the places' commits.
void fill_commits(const HistoryContext& context, Drafts& drafts);
// What is not there, as losses or not.
void note_text_gaps(const TextHits& text, Ledger& ledger);
void account_for_lacks(const HistoryContext& context, const Attribution& attribution, bool partial, Ledger& ledger);

}  // namespace sealwarden
