// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/attribution.h"
#include "scanner/app/history_facts.h"
#include "scanner/engine/overlaps.h"

namespace sealwarden {

// One leak of a target as it is seen at a path.
struct TargetLeak {
  uint32_t rule = 0;
  const Hit* hit = nullptr;    // null for file rules
  uint32_t number = 0;         // the same for two leaks if rule, secret, member and `by_name` are equal
  Confidence confidence = Confidence::high;  // of the hit, at this path
  std::vector<OtherRule> also;
  bool by_name = false;        // it is in the name, not in the content
};

struct TargetLeaks {
  std::vector<TargetLeak> list;
  std::vector<uint32_t> numbers;  // of the list, ascending, each once

  [[nodiscard]] bool holds(uint32_t number) const { return std::binary_search(numbers.begin(), numbers.end(), number); }
};
using SharedLeaks = std::shared_ptr<const TargetLeaks>;  // never null

// A file rule says "such a file is here"; where a secret of a known format was found in that very file, that finding says
// more and takes the file rule's name into `also`.
void fold_file_rules(const RuleSet& rules, std::vector<TargetLeak>& leaks);

// The objects of interest, numbered for attribution: blobs with hits, blobs that a file rule confirmed, entries whose
// name holds a secret, objects that are not there, blobs of which the ledger tells. Borrows the facts. Immutable after construction; share freely.
class HistoryTargets {
 public:
  HistoryTargets(const RuleSet& rules, const HistoryFacts& facts);

  [[nodiscard]] std::unordered_map<ObjectId, uint32_t> ids() const;
  [[nodiscard]] size_t size() const { return targets_.size(); }
  [[nodiscard]] uint32_t find(const ObjectId& id) const;  // kNoTarget if it is none
  [[nodiscard]] bool is_blob(uint32_t target) const {
    return targets_[target].hits != nullptr || !targets_[target].files.empty() || targets_[target].told;
  }
  [[nodiscard]] bool is_told(uint32_t target) const { return targets_[target].told; }
  [[nodiscard]] const ObjectId& id(uint32_t target) const { return targets_[target].id; }
  // Whether policy rules may look at it.
  [[nodiscard]] bool is_document(uint32_t target) const { return targets_[target].document; }
  // The scanner's hits in it; empty if there are none.
  [[nodiscard]] const std::vector<Hit>& hits_of(uint32_t target) const;
  // What policy rules found in it at this path: all hits there, the scanner's too. Before the first question.
  void set_hits_at(uint32_t target, const std::string& path, std::vector<Hit> hits);
  // What leaks if the target lies at this path with this mode; nothing in kNoTarget.
  [[nodiscard]] SharedLeaks leaks_at(uint32_t target, const std::string& path, uint32_t mode) const;
  // What leaks in its bytes if no path is known; file rules under the name that made them candidates.
  [[nodiscard]] SharedLeaks leaks_without_path(uint32_t target) const;
  // Leaks in names that entries with this object bear, each with its name.
  [[nodiscard]] std::vector<std::pair<std::string, TargetLeak>> names_of(uint32_t target) const;
  [[nodiscard]] std::string known_name(uint32_t target) const;  // of a file rule's candidate; may be empty

 private:
  struct Target {
    ObjectId id;
    const BlobHits* hits = nullptr;
    size_t first_number = 0;    // of its hits, among hit_numbers_
    std::vector<const FileCandidate*> files;
    std::vector<const NameHits*> names;
    bool document = false;
    bool told = false;          // the ledger needs its whereabouts
    bool path_decides = false;  // a rule with paths matched: the leaks differ from path to path
    SharedLeaks content;        // what leaks in its bytes at any path; null if the path decides, or nothing does
  };
  struct LeakName {
    uint32_t rule;
    bool by_name;
    std::string_view secret;  // of a hit
    std::string_view member;  // that holds it
    std::string_view subject; // of policy rules
    bool operator==(const LeakName&) const = default;
  };
  struct HashLeakName {
    size_t operator()(const LeakName& name) const {
      const std::hash<std::string_view> hash;
      return ((hash(name.secret) * 31 + hash(name.member)) * 31 + hash(name.subject)) * 31 + name.rule * 2 + (name.by_name ? 1 : 0);
    }
  };

  Target& target_of(const ObjectId& id);
  uint32_t number_of(const LeakName& name);
  [[nodiscard]] TargetLeak leak_in(const Target& target, const ResolvedHit& one) const;
  [[nodiscard]] TargetLeak leak_of(const FileCandidate& file) const;
  [[nodiscard]] TargetLeak leak_in_name(ResolvedHit one) const;
  void add_content(const Target& target, const std::string* path, std::vector<TargetLeak>& out) const;

  const RuleSet& rules_;
  std::vector<Target> targets_;
  std::unordered_map<ObjectId, uint32_t> numbers_;
  std::unordered_map<LeakName, uint32_t, HashLeakName> leak_numbers_;
  std::vector<uint32_t> hit_numbers_;  // of the hits in blobs
  struct HitsAtPath {
    std::vector<Hit> hits;
    std::vector<uint32_t> numbers;
  };
  std::map<std::pair<uint32_t, std::string>, HitsAtPath> hits_at_;  // by target and path
  SharedLeaks none_ = std::make_shared<TargetLeaks>();
};

}  // namespace sealwarden
