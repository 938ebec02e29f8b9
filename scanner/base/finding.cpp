// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/finding.h"

#include <array>

namespace sealwarden {
namespace {

constexpr std::array<std::string_view, 5> kSeverities = {"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> kConfidences = {"low", "medium", "high"};
constexpr std::array<std::string_view, 10> kCarriers = {"blob",           "symlink",     "file name", "ref name",
                                                        "author",         "commit message", "tag message", "note",
                                                        "reflog message", "git config"};
constexpr std::array<std::string_view, 8> kReaches = {"head",   "tip",    "history",     "stash",
                                                      "reflog", "staged", "unreachable", "worktree"};
constexpr std::array<std::string_view, 4> kSuppressions = {"allow comment", "allow configuration", "ignore file", "baseline"};

template <class Enum, size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view text) {
  for (size_t i = 0; i < N; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Severity value) { return kSeverities[static_cast<size_t>(value)]; }
std::string_view name_of(Confidence value) { return kConfidences[static_cast<size_t>(value)]; }
std::string_view name_of(Carrier value) { return kCarriers[static_cast<size_t>(value)]; }
std::string_view name_of(Reach value) { return kReaches[static_cast<size_t>(value)]; }
std::string_view name_of(Suppression::Kind value) { return kSuppressions[static_cast<size_t>(value)]; }
std::optional<Severity> parse_severity(std::string_view text) { return parse<Severity>(kSeverities, text); }
std::optional<Confidence> parse_confidence(std::string_view text) { return parse<Confidence>(kConfidences, text); }

}  // namespace sealwarden
