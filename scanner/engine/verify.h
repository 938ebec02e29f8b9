// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "rules/compiled_rules.h"
#include "scanner/base/bytes.h"
#include "scanner/engine/windows.h"

namespace sealwarden {

// Why a match was refused; `none` if it was not. In the order in which the checks run, cheap before dear.
enum class Refusal : uint8_t { none, empty_secret, ignored_value, stopword, entropy, checksum };
inline constexpr size_t kRefusals = 6;
std::string_view name_of(Refusal);

// A match of one rule, as offsets in the text that was searched.
struct Match {
  uint64_t begin = 0, end = 0;                // the whole match, end exclusive
  uint64_t secret_begin = 0, secret_end = 0;  // the rule's group
  bool refused_by_checksum = false;           // told because it keeps generic rules from reporting the same bytes
  CheckResult check = CheckResult::silent;    // what the rule's checksum says of it
};

struct VerifyCounts {
  uint64_t matches = 0;
  uint64_t refused[kRefusals] = {};
};

// The bytes on which the verdict on a cluster depends, and no others: the cluster, as far as a match can reach from it, and
// one byte of context on either side; of a text of `size` bytes.
Window seen_around(const Rule& rule, Window cluster, uint64_t size);

// Appends the matches of secret rule `rule` within the cluster, leftmost first and without overlap. The text around is
// seen as context (one byte on either side). A match at s is RE2's leftmost-first match that is anchored at s in
// [s, s + max_length); after a refused one the search goes on at s + 1, so that it hides nothing. The cluster [0, size)
// makes this the slow twin. Locality: window.
void verify(const CompiledRules& rules, uint32_t rule, Bytes text, Window cluster, std::vector<Match>& out,
            VerifyCounts& counts);

}  // namespace sealwarden
