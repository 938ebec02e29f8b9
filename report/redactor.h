// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scanner/base/finding.h"

namespace sealwarden {

// At most the first 4 characters, never more than a quarter, then "…" and the length: "ghp_…(40)". Control characters escaped.
std::string redacted(const Secret& secret);

// Removes user information from a URL: "https://user:pw@host/x" -> "https://host/x". Anything else is returned as it is.
std::string without_user_information(std::string_view url);

// Control characters as \xNN, so that content cannot steer a terminal or a CI log; a line that would start with a CI
// workflow command ("::", "##[", "##vso[") gets its first character escaped.
std::string escape_for_terminal(std::string_view text);

// Knows all secrets of a run, also as base64 (each alignment, both alphabets), hex, percent-encoded, JSON- and
// backslash-escaped text, and takes them out of every string that is written. Immutable after construction; thread-safe.
class Redactor {
 public:
  Redactor() = default;
  explicit Redactor(const std::vector<Finding>& findings);
  void add(const Secret& secret);  // before sharing
  [[nodiscard]] std::string operator()(std::string_view text) const;

 private:
  struct Needle {
    std::string text;   // what to look for
    std::string shown;  // what to write instead
  };
  std::vector<Needle> needles_;
  std::unordered_map<uint32_t, std::vector<uint32_t>> by_head_;  // first 4 bytes -> needles, longest first
};

}  // namespace sealwarden
