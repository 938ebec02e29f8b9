// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "git/commit_graph.h"
#include "git/object_pass.h"
#include "git/object_store.h"
#include "git/tree_recorder.h"
#include "scanner/app/progress.h"
#include "scanner/app/text_hits.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/engine/file_rules.h"
#include "scanner/policy/policy_engine.h"

namespace sealwarden {

struct BlobHits {
  ObjectId id;
  std::vector<Hit> hits;
};

// A tree entry whose name holds a secret.
struct NameHits {
  ObjectId entry;
  std::string name;
  std::vector<Hit> hits;
};

// A blob that a file rule could hold for, as its name says.
struct FileCandidate {
  ObjectId blob;
  uint32_t rule = 0;
  std::string name;
  auto operator<=>(const FileCandidate&) const = default;
};

// An object that could not be read, or is not there, and what names it.
struct Lack {
  enum class By : uint8_t { itself, tree, commit, tag };
  ObjectId id;
  By by = By::itself;
  ObjectId referrer;   // of `commit` and `tag`; a tree's would depend on who read it first, and attribution finds it
  std::string cause;   // of `itself`
  bool is_limit = false;  // of `itself`: a bound was reached, it may be sound
  auto operator<=>(const Lack&) const = default;
};

struct TagLink {
  ObjectId tag, target;
  ObjectType target_type = ObjectType::commit;
  int64_t date = 0;
  std::string tagger;
};

// What the pass over all objects brings: everything that can be said without knowing where an object lies in history.
// The content is the same for any thread count: lists are sorted, sets are sets.
struct HistoryFacts {
  std::vector<BlobHits> blobs;                // by id
  std::vector<TextHits> texts;                // of commits and tags, by (object, carrier)
  std::vector<NameHits> names;                // by (name, entry)
  std::set<FileCandidate> file_candidates;    // by blob; not confirmed yet
  std::vector<ObjectId> documents;            // blobs that policy rules may look at in every version, by their names; sorted
  CommitRecords commits;
  std::vector<TagLink> tags;                  // by tag
  std::set<Lack> lacks;
  std::set<std::pair<std::string, ObjectId>> submodules;  // entry name, commit of the other repository
  std::vector<ObjectId> lfs_pointers;
  std::vector<std::pair<ObjectId, std::vector<UnpackGap>>> gaps;  // of blobs that hold what could not be read
  std::vector<ObjectId> told;                 // blobs whose whereabouts the ledger needs, if they hold secrets or not
  ScanStats stats;
  uint64_t blob_count = 0, blob_bytes = 0;
};

// Reads and scans every object that is no tree once, in parallel. Ends early when a stop is requested.
HistoryFacts scan_objects(const ObjectStore& store, ObjectPass& pass, const CompiledRules& rules, Progress& progress);

// The same for trees: adds names, candidates, submodules and lacks to the facts, and records where the facts' blobs,
// candidates, lacks and told blobs are named, and what turns up here.
std::vector<std::unique_ptr<TreeRecorder>> scan_trees(const ObjectStore& store, ObjectPass& pass, const CompiledRules& rules,
                                                      const FileRuleIndex& file_rules, const PolicyEngine& policy, HistoryFacts& facts,
                                                      Progress& progress);

}  // namespace sealwarden
