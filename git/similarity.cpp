// SPDX-License-Identifier: Apache-2.0
#include "git/similarity.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace sealwarden {
namespace {

constexpr size_t kLongestLine = 64;

// Takes the next line with its end off the front of `rest`.
Bytes next_line(Bytes& rest) {
  const size_t room = std::min(rest.size(), kLongestLine);
  const size_t end = rest.substr(0, room).find('\n');
  const Bytes line = rest.substr(0, end == Bytes::npos ? room : end + 1);
  rest.remove_prefix(line.size());
  return line;
}

// Adds up the bytes of equal lines, in place.
void merge_equal(std::vector<std::pair<uint64_t, uint64_t>>& counts) {
  std::sort(counts.begin(), counts.end());
  size_t kept = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (kept > 0 && counts[kept - 1].first == counts[i].first) counts[kept - 1].second += counts[i].second;
    else counts[kept++] = counts[i];
  }
  counts.resize(kept);
}

}  // namespace

LineCounts::LineCounts(Bytes text) : size_(text.size()) {
  while (!text.empty()) {
    const Bytes line = next_line(text);
    counts_.emplace_back(std::hash<std::string_view>{}(line), line.size());
  }
  merge_equal(counts_);
}

unsigned LineCounts::likeness(const LineCounts& other) const {
  const uint64_t larger = std::max(size_, other.size_);
  if (larger == 0) return 100;
  uint64_t common = 0;
  auto theirs = other.counts_.begin();
  for (const auto& [line, bytes] : counts_) {
    while (theirs != other.counts_.end() && theirs->first < line) ++theirs;
    if (theirs == other.counts_.end()) break;
    if (theirs->first == line) common += std::min(bytes, theirs->second);
  }
  return static_cast<unsigned>(common * 100 / larger);
}

}  // namespace sealwarden
