// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// Tells which of many words stand in a text, in one pass: the prefilter words of policy rules. Words are bytes, compared as they
// stand. Compiled for Hyperscan once there is enough to search: that takes as long as a commit's few files without it. Thread-safe.
class WordSet {
 public:
  explicit WordSet(std::vector<std::string> words);  // each once, none empty
  WordSet(const WordSet&) = delete;
  WordSet& operator=(const WordSet&) = delete;
  ~WordSet();

  // The word's number, to ask `present` for; words.size() if it is none of them.
  [[nodiscard]] size_t number(std::string_view word) const;
  // Of each word whether it occurs. If Hyperscan fails, all do: a prefilter may say yes too often.
  [[nodiscard]] std::vector<bool> present(Bytes text) const;

 private:
  struct Compiled;
  [[nodiscard]] std::vector<bool> search(Bytes text) const;
  std::vector<std::string> words_;
  std::unordered_map<std::string_view, size_t> numbers_;
  std::unordered_map<uint16_t, std::vector<size_t>> by_start_;  // by the first two bytes
  std::vector<size_t> single_;                                  // of one byte
  mutable std::atomic<size_t> searched_ = 0;                    // bytes, without Hyperscan
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace sealwarden
