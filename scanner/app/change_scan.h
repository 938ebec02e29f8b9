// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/changes.h"
#include "git/object_reader.h"
#include "git/tree_listing.h"
#include "scanner/app/grouping.h"
#include "scanner/app/policy_scan.h"
#include "scanner/app/scans.h"
#include "scanner/engine/file_rules.h"

namespace sealwarden {

// Finds what changes bring: leaks of the new side that no old side at the same path holds. Blobs are scanned once, in
// parallel; what is new is then decided change by change.
class ChangeScan {
 public:
  // `tree`: what the changes lead to. `leads_there`: all of them do, so that what it does not hold was changed again.
  ChangeScan(const Repository& repository, const ObjectReader& reader, const CompiledRules& rules, PolicyScan& policy, const TreeView& tree,
             bool leads_there, Ledger& ledger);

  // Scans the new sides of all changes, then the old sides where a new side has something.
  void scan(const std::vector<const PathChange*>& changes);

  // A leak that a change brings, as a place would hold it.
  struct NewLeak {
    std::optional<ResolvedHit> hit;  // none: a file rule
    uint32_t rule = 0;
    Carrier carrier = Carrier::blob;
    std::string path;                // of the change, or of the folder whose name it is
    bool by_name = false;
  };
  // `parent_trees`: to tell whether a folder's name is new. Valid until the next scan().
  std::vector<NewLeak> brought_by(const PathChange& change, const std::vector<ObjectId>& parent_trees);
  // Whether a blob holds this leak at `key.path`, or would if it lay there.
  [[nodiscard]] bool holds(const ObjectId& blob, const FindingKey& key) const;

  // Also bring what came by a rename from a path of the same range: the secret came with the range after all.
  void remember_brought(FindingKey key) {
    key.path.reset();
    brought_.insert(std::move(key));
  }

  // Of a text that is no file; what of it could not be read goes to the ledger.
  std::vector<Hit> scan_text(Bytes text, Carrier carrier, const std::optional<ObjectId>& commit);
  [[nodiscard]] ScanStats stats() const;

 private:
  struct BlobFacts {
    std::vector<Hit> hits;
    std::set<uint32_t> asked;      // file rules that its name at some path was right for
    std::set<uint32_t> confirmed;  // those of them that its content is right for
    std::map<std::string, std::vector<Hit>> at_path;  // paths at which policy rules looked at it: all hits there
    [[nodiscard]] const std::vector<Hit>& hits_at(const std::string& path) const {
      const auto found = at_path.find(path);
      return found == at_path.end() ? hits : found->second;
    }
  };
  struct Wish {
    std::string path;              // the first that the blob lies at
    std::set<uint32_t> to_confirm;  // file rules
    std::map<std::string, std::set<ObjectId>> documents;  // paths at which policy rules are to look at it, with its old sides there
  };
  using Wanted = std::unordered_map<ObjectId, Wish>;  // by blob
  void want(const PathChange& change, const ObjectId& blob, Wanted& wanted);
  void scan_blobs(const Wanted& wanted, bool count);
  // All hits of a blob at a path: policy rules look at it there, and beside its old sides.
  std::vector<Hit> hits_at_path(const std::string& path, const std::set<ObjectId>& before, Bytes bytes, const std::vector<Hit>& hits,
                                const ObjectReader& reader, bool is_new);
  void add_names(const PathChange& change, const std::vector<ObjectId>& parent_trees, std::vector<NewLeak>& out);

  const Repository& repository_;
  const ObjectReader& reader_;
  const CompiledRules& rules_;
  PolicyScan& policy_;
  const TreeView& tree_;
  const bool leads_there_;
  Ledger& ledger_;
  FileRuleIndex file_rules_;
  BlobScanner::Worker scanner_;
  std::unordered_map<ObjectId, BlobFacts> facts_;
  std::set<FindingKey> brought_;  // without paths
  std::vector<std::unique_ptr<std::vector<Hit>>> name_hits_;  // what NewLeak::hit of names points into
  ScanStats stats_;
};

}  // namespace sealwarden
