// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/compiled_rules.h"
#include "scanner/base/bytes.h"
#include "scanner/engine/judgement.h"
#include "scanner/engine/windows.h"

namespace sealwarden {

// Why a match was refused; `none` if it was not. In the order in which the checks run, cheap before dear.
enum class Refusal : uint8_t { none, empty_secret, ignored_value, stopword, entropy, checksum, judged };
inline constexpr size_t kRefusals = 7;
std::string_view name_of(Refusal);

// A match of one rule, as offsets in the text that was searched.
struct Match {
  uint64_t begin = 0, end = 0;                // the whole match, end exclusive
  uint64_t secret_begin = 0, secret_end = 0;  // the rule's group
  bool refused_by_checksum = false;           // told because it keeps generic rules from reporting the same bytes
  CheckResult check = CheckResult::silent;    // what the rule's checksum says of it
  Judgement judged;                           // of matches that were read as assignments

  // The same match in a text where it stands `by` bytes further on; to the left by a difference that wraps.
  void shift(uint64_t by) {
    for (uint64_t* offset : {&begin, &end, &secret_begin, &secret_end}) *offset += by;
  }
};

struct VerifyCounts {
  uint64_t matches = 0;
  uint64_t refused[kRefusals] = {};
  void add(const VerifyCounts& other);
};

// The bytes on which the verdict on a cluster depends, and no others: the cluster, as far as a match can reach from it, and
// one byte of context on either side; of a text of `size` bytes.
Window seen_around(const Rule& rule, Window cluster, uint64_t size);

// Where the keywords of a rule that reads assignments end within a cluster: absolute offsets, ascending.
struct WordEnds {
  bool known = false;  // false: the cluster is searched for the words
  std::span<const uint64_t> ends;
};

// Appends the matches of secret rule `rule` within the cluster, leftmost first and without overlap. The text around is
// seen as context (one byte on either side). A match at s is RE2's leftmost-first match that is anchored at s in
// [s, s + max_length); after a refused one the search goes on at s + 1, so that it hides nothing. The cluster [0, size)
// makes this the slow twin. Locality: window.
void verify(const CompiledRules& rules, uint32_t rule, Bytes text, Window cluster, WordEnds words, Judge& judge,
            std::vector<Match>& out, VerifyCounts& counts);

}  // namespace sealwarden
