// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// What stands behind `sealwarden:allow` up to the end of its line: rule ids, until=2027-01-31, reason="...". In any order, ids
// first; the first word that neither names a rule nor looks like an id (a hyphen or star in it) ends them.
struct AllowMark {
  std::vector<std::string> rules;    // ids, names or globs as written; none: all rules of the line
  std::optional<std::string> until;  // the mark ends after that day
  std::string why;
  std::string problem;               // why it allows nothing ("'2027-13-01' is no date"); empty: it is sound
};

// `rest`: the line behind the mark; of it at most 1 KiB is read. An id that names no rule is a problem.
AllowMark parse_allow_mark(Bytes rest, const std::function<bool(const std::string& id)>& names_rule);

}  // namespace sealwarden
