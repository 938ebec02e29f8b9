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
#include "scanner/engine/allow_mark.h"

namespace sealwarden {

// The `sealwarden:allow` and `gitleaks:allow` marks of one text. Built only for texts that have a hit. Borrows the text.
// Behind the mark may stand rule ids (of this rule set; then the mark is for these alone), until=DATE and reason="..."
// (engine/allow_mark.h). Each mark is read once, and the marks of a line are gathered once for all its hits: hostile text full
// of both stays cheap.
class AllowComments {
 public:
  AllowComments(Bytes text, const RuleSet& rules) : text_(text), rules_(rules) {}
  // The first mark for `rule` on the lines of the bytes `first` to `last` (offsets) or the line above them; null if there is
  // none. One with a problem (unknown rule, bad date) allows nothing; it is given only if no sound one is there. Valid until the
  // next question. Ask in ascending order.
  [[nodiscard]] const AllowMark* find(Lines& lines, uint64_t first, uint64_t last, uint32_t rule);

 private:
  // What the marks between two offsets allow.
  struct Stretch {
    uint64_t from, to;
    std::optional<AllowMark> all;                     // the first mark for all rules
    std::unordered_map<uint32_t, AllowMark> by_rule;  // the first mark for the rule
    std::optional<AllowMark> unsound;                 // the first that allows nothing
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
