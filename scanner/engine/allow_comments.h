// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/base/bytes.h"
#include "scanner/base/lines.h"

namespace sealwarden {

// The `sealwarden:allow` and `gitleaks:allow` marks of one text. Built only for texts that have a hit. Borrows the text.
// Behind the mark may stand rule ids (of this rule set; then the mark is for these alone) and reason="...".
class AllowComments {
 public:
  explicit AllowComments(Bytes text);
  // The reason of the first mark for `rule` on the lines [first, last] (indexes from 0) or the line above them; nullopt
  // if there is none.
  [[nodiscard]] std::optional<std::string> find(const Lines& lines, size_t first, size_t last, const RuleSet& rules,
                                                uint32_t rule) const;

 private:
  struct Mark {
    uint64_t offset;  // of its first byte
    Bytes rest;       // what follows on its line
  };
  std::vector<Mark> marks_;  // ascending
};

}  // namespace sealwarden
