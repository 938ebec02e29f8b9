// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/base/bytes.h"
#include "scanner/base/lines.h"

namespace sealwarden {

// The `sealwarden:allow` and `gitleaks:allow` marks of one text. Built only for texts that have a hit. Borrows the text.
// Behind the mark may stand rule ids (of this rule set; then the mark is for these alone) and reason="...". Each mark is
// read once, and the marks of a line are gathered once for all its hits: hostile text full of both stays cheap.
class AllowComments {
 public:
  AllowComments(Bytes text, const RuleSet& rules) : text_(text), rules_(rules) {}
  // The reason of the first mark for `rule` on the lines of the bytes `first` to `last` (offsets) or the line above them;
  // nullopt if there is none. Ask in ascending order.
  [[nodiscard]] std::optional<std::string> find(Lines& lines, uint64_t first, uint64_t last, uint32_t rule);

 private:
  // What the marks between two offsets allow.
  struct Stretch {
    uint64_t from, to;
    std::optional<uint64_t> all;                      // offset behind the first mark for all rules
    std::unordered_map<uint32_t, uint64_t> by_rule;  // behind the first mark for the rule
  };
  void gather(uint64_t from, uint64_t to);
  void read_mark(uint64_t behind);
  const std::vector<uint32_t>& rules_named(const std::string& word);
  [[nodiscard]] Bytes rest_of_line(uint64_t behind) const;

  Bytes text_;
  const RuleSet& rules_;
  std::optional<Stretch> stretch_;
  uint64_t own_line_ = 0, line_above_ = 0;  // where the line of the last question starts, and the one above it
  std::unordered_map<std::string, std::vector<uint32_t>> named_;  // words behind marks, and the rules they name
};

}  // namespace sealwarden
