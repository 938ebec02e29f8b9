// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "report/baseline.h"

namespace sealwarden {
namespace {

constexpr std::string_view kPrefix = "sealwarden/v1:", kPolicyPrefix = "policy/v1:", kFamily = "sealwarden/v", kBlanks = " \t\r";
constexpr size_t kMostMessages = 20;

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

std::string problem_of(std::string_view word) {
  if (word.starts_with(kFamily) && !word.starts_with(kPrefix))
    return "a fingerprint of another version; this one reads " + std::string(kPrefix) +
           "HEX: copy it from the report of a new scan";
  return "not a fingerprint; a line is \"" + std::string(kPrefix) +
         "32 lower-case hex digits # why\": copy it from the report";
}

// Takes one line apart: what stands before the first '#', and the words behind it.
struct Line {
  std::string_view word, why;
};
Line split(std::string_view line) {
  const size_t mark = line.find('#');
  if (mark == line.npos) return {trimmed(line), {}};
  return {trimmed(line.substr(0, mark)), trimmed(line.substr(mark + 1))};
}

}  // namespace

bool is_fingerprint(std::string_view text) {
  const std::string_view prefix = text.starts_with(kPolicyPrefix) ? kPolicyPrefix : kPrefix;
  if (!text.starts_with(prefix) || text.size() != prefix.size() + 32) return false;
  text.remove_prefix(prefix.size());
  return text.find_first_not_of("0123456789abcdef") == text.npos;
}

Result<IgnoreFile> read_ignore_file(const std::string& name, const std::string& text) {
  IgnoreFile file;
  std::string problems;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  size_t count = 0;
  for (size_t number = 1; !rest.empty(); ++number) {
    const auto [word, why] = split(take_line(rest));
    if (word.empty()) continue;
    if (is_fingerprint(word)) {
      file.entries[std::string(word)].why = why;
    } else if (++count <= kMostMessages) {
      problems +=
          (problems.empty() ? "" : "\n") + name + ":" + std::to_string(number) + ": " + problem_of(word);
    }
  }
  if (count > kMostMessages) problems += "\nand " + std::to_string(count - kMostMessages) + " more";
  if (count > 0) return fail(Error::Kind::usage, problems);
  return file;
}

size_t apply_ignore_file(const IgnoreFile& ignore_file, std::vector<Finding>& findings) {
  size_t marked = 0;
  for (Finding& finding : findings) {
    if (finding.suppressed) continue;
    auto entry = ignore_file.entries.find(finding.fingerprint);
    for (size_t i = 0; i < finding.also_fingerprints.size() && entry == ignore_file.entries.end(); ++i)
      entry = ignore_file.entries.find(finding.also_fingerprints[i]);
    if (entry == ignore_file.entries.end()) continue;
    finding.suppressed = Suppression{Suppression::Kind::ignore_file, entry->second.why, entry->second.is_new, {}};
    ++marked;
  }
  return marked;
}

}  // namespace sealwarden
