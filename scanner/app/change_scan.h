// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "git/changes.h"
#include "git/object_reader.h"
#include "git/tree_listing.h"
#include "scanner/app/grouping.h"
#include "scanner/app/scans.h"
#include "scanner/engine/file_rules.h"

namespace sealwarden {

// Finds what changes bring: leaks of the new side that no old side at the same path holds. Blobs are scanned once, in
// parallel; what is new is then decided change by change.
class ChangeScan {
 public:
  ChangeScan(const Repository& repository, const ObjectReader& reader, const CompiledRules& rules, Ledger& ledger);

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
  // Whether a blob at `path` holds this leak.
  [[nodiscard]] bool holds(const ObjectId& blob, uint32_t rule, const Secret& secret) const;

  // Also bring what came by a rename from a path of the same range: the secret came with the range after all.
  void remember_brought(uint32_t rule, const Secret& secret) { brought_.insert({rule, secret}); }

  // Of a text that is no file; what of it could not be read goes to the ledger.
  std::vector<Hit> scan_text(Bytes text, Carrier carrier, const std::optional<ObjectId>& commit);
  [[nodiscard]] ScanStats stats() const;

 private:
  struct BlobFacts {
    std::vector<Hit> hits;
    std::set<uint32_t> asked;      // file rules that its name at some path was right for
    std::set<uint32_t> confirmed;  // those of them that its content is right for
  };
  struct Wish {
    std::string path;              // the first that the blob lies at
    std::set<uint32_t> to_confirm;  // file rules
  };
  using Wanted = std::unordered_map<ObjectId, Wish>;  // by blob
  void want(const PathChange& change, const ObjectId& blob, Wanted& wanted);
  void scan_blobs(const Wanted& wanted, bool count);
  void add_names(const PathChange& change, const std::vector<ObjectId>& parent_trees, std::vector<NewLeak>& out);

  const Repository& repository_;
  const ObjectReader& reader_;
  const CompiledRules& rules_;
  Ledger& ledger_;
  FileRuleIndex file_rules_;
  BlobScanner::Worker scanner_;
  std::unordered_map<ObjectId, BlobFacts> facts_;
  std::set<std::pair<uint32_t, Secret>> brought_;
  std::vector<std::unique_ptr<std::vector<Hit>>> name_hits_;  // what NewLeak::hit of names points into
  ScanStats stats_;
};

}  // namespace sealwarden
