// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

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

// Where one of HistoryFacts::told lies.
struct Whereabouts {
  std::string path;      // the first of its paths; empty if none is known
  bool at_tip = false;   // a ref names it, or a tree that holds it, and no commit
};

// Leaks in blobs, names of files and folders, and whole files. Returns where the told blobs lie, of those that lie anywhere.
std::map<ObjectId, Whereabouts> add_content_leaks(const HistoryContext& context, const Attribution& attribution, Drafts& drafts);
// Leaks in messages, authors, names of refs, reflogs and the repository's configuration.
void add_text_leaks(const HistoryContext& context, const std::vector<TextHits>& root_texts, Drafts& drafts);
// Authors and dates of the places' commits.
void fill_commits(const HistoryContext& context, Drafts& drafts);
// What of a message, name or configuration could not be read.
void note_text_gaps(const TextHits& text, Ledger& ledger);
// What is not there or could not be read, as losses or not; of what no ref reaches nothing, if only refs are asked for.
void account_for_lacks(const HistoryContext& context, const Attribution& attribution,
                       const std::map<ObjectId, Whereabouts>& whereabouts, bool partial, Ledger& ledger);

}  // namespace sealwarden
