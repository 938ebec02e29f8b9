// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "rules/compiled_rules.h"
#include "scanner/base/bytes.h"
#include "scanner/base/finding.h"
#include "scanner/decode/unpack.h"
#include "scanner/engine/judgement.h"
#include "scanner/engine/rule_costs.h"
#include "scanner/engine/scan_memory.h"

namespace sealwarden {

// One verified match in one blob: a fact about bytes, free of paths. Owns its strings.
struct Hit {
  uint32_t rule = 0;  // index into the rule set
  Secret secret;
  std::string member;  // the text within a container that holds it: "inner/file", "inner.zip!file"; empty: the blob itself
  Region region;      // of the secret in the bytes of the blob or member
  uint64_t match_start = 0, match_end = 0;  // whole match, bytes of the original, end exclusive
  bool allowed = false;      // an allow comment stands on its line or the line above
  std::string allow_why;     // the comment's reason="..." or empty
  std::optional<std::string> allow_until;  // the comment's last day
  std::string allow_problem; // why a comment there allows nothing
  std::string allow_origin;  // the other tool whose comment it is; empty: ours
  bool refused = false;      // a sure checksum said no: it reports nothing and keeps generic rules from reporting it
  CheckResult check = CheckResult::silent;  // of the rule's checksum
  Judgement judged;                         // of matches that were read as assignments
  std::vector<std::string> decoded;
  std::shared_ptr<const PolicyFacts> policy;  // of policy rules; the secret is empty if the rule is about none
};

// How often each check refused a match; for --stats. Summed over workers.
struct ScanStats {
  uint64_t blobs = 0, bytes = 0, candidates = 0, clusters = 0, matches = 0;
  uint64_t scanned = 0, inherited = 0;  // bytes that Hyperscan saw; clusters whose verdict came from a base
  std::map<std::string, uint64_t> refused;  // by check name
  std::unordered_set<uint64_t> unsure;      // secrets below RuleSet::least_confidence, as unsure_number()
  void add(const ScanStats& other);
};

// Stands for a rule and a secret where they are only counted.
uint64_t unsure_number(std::string_view rule, Bytes secret);

// The engine. Shared and immutable; each thread scans with its own Worker.
class BlobScanner {
 public:
  explicit BlobScanner(const CompiledRules& rules) : rules_(&rules) {}

  class Worker {
   public:
    explicit Worker(const CompiledRules& rules);  // throws std::bad_alloc
    Worker(Worker&&) noexcept;
    Worker& operator=(Worker&&) noexcept;
    ~Worker();
    // All hits in `bytes`, sorted by (start, end, rule). The reference is valid until the next call.
    const std::vector<Hit>& scan(Bytes bytes);
    // The same, sparing what can be told from the base that the text was made of. The result is that of scan(bytes).
    const std::vector<Hit>& scan(Bytes bytes, const DerivedText& derived);
    // What of the last text could not be read, of what is packed or encoded in it. Valid until the next call.
    [[nodiscard]] const std::vector<UnpackGap>& gaps() const;
    // What the last scan found out, for texts that are made of the scanned one; null if that is nothing.
    [[nodiscard]] std::shared_ptr<const ScanMemory> memory() const;
    // Whether any anchor occurs at all: cheap refusal of joined short texts. No false negatives.
    bool may_hit(Bytes bytes);
    [[nodiscard]] const ScanStats& stats() const;
    // From now on measures what scans cost and adds it to `costs`, which must outlive the worker; null: no longer.
    void set_costs(ScanCosts* costs);
    void set_piece_for_test(size_t piece);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };
  [[nodiscard]] Worker make_worker() const { return Worker(*rules_); }

 private:
  const CompiledRules* rules_;
};

// The slow twin: every secret rule iterated by RE2 over the whole text, no Hyperscan, no windows. Same result as
// Worker::scan by definition; tests hold the two together.
std::vector<Hit> scan_slowly(const CompiledRules& rules, Bytes bytes);

}  // namespace sealwarden
