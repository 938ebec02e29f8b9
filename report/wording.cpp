// SPDX-License-Identifier: Apache-2.0
#include "report/wording.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "scanner/base/dates.h"

namespace sealwarden {
namespace {

constexpr int64_t kFirstSecond = -62'167'219'200, kLastSecond = 253'402'300'799;  // the years 0 to 9999

constexpr std::string_view kUnits[] = {"bytes", "kB", "MB", "GB", "TB"};

}  // namespace

std::optional<std::string> date_time(const std::optional<int64_t>& seconds) {
  if (!seconds || *seconds < kFirstSecond || *seconds > kLastSecond) return std::nullopt;
  return rfc3339(*seconds);
}

std::string with_separators(uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string size_for_people(uint64_t bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < std::size(kUnits); ++unit)
    value /= 1000;
  char text[64];
  std::snprintf(text, sizeof text, "%.1f %s", value, kUnits[unit].data());
  return text;
}

std::string counted(uint64_t count, std::string_view noun) {
  return with_separators(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

std::string short_id(const ObjectId& id) { return id.hex().substr(0, 10); }

std::optional<std::string> full_id(const std::optional<ObjectId>& id) {
  if (!id) return std::nullopt;
  return id->hex();
}

const Place& main_place(const Finding& finding) {
  return *std::min_element(finding.places.begin(), finding.places.end(),
                           [](const Place& a, const Place& b) { return a.reach < b.reach; });
}

std::string shortened(std::string example) {
  constexpr size_t kMost = 500, kFirst = 200, kLast = 200;
  if (example.size() <= kMost) return example;
  const auto is_within_character = [&](size_t at) { return (static_cast<uint8_t>(example[at]) & 0xC0) == 0x80; };
  size_t first = kFirst, last = example.size() - kLast;
  for (unsigned i = 0; i < 3 && is_within_character(first); ++i) --first;
  for (unsigned i = 0; i < 3 && is_within_character(last); ++i) ++last;
  return example.substr(0, first) + " ... " + example.substr(last);
}

std::string_view remedy(Skip reason) {
  switch (reason) {
    case Skip::missing_object:
      return "Fetch the repository anew, or repair it: `git fsck` names what is missing.";
    case Skip::missing_promised:
      return "This is a partial clone: fetch everything with `git fetch --refetch --no-filter`.";
    case Skip::missing_unreachable:
      return "Only unreachable objects name it; `git gc` removes them.";
    case Skip::corrupt_object:
      return "The object is damaged: `git fsck` names it; fetch the repository anew.";
    case Skip::corrupt_pack:
      return "The pack is damaged: `git fsck` names it; fetch the repository anew.";
    case Skip::corrupt_repository:
      return "The file breaks its format: `git fsck` and `git status` say more.";
    case Skip::unreadable_file:
      return "Give the scan permission to read it, or exclude it.";
    case Skip::unreadable_input:
      return "Give the diff whole and as git writes it (`git diff --binary` for binary files), or scan the files themselves.";
    case Skip::vanished_file:
      return "Something wrote there during the scan: scan again when it is still.";
    case Skip::unread_document:
      return "It breaks its format: mend it, or say in the configuration that it is another kind of file.";
    case Skip::shallow_boundary:
      return "This is a shallow clone: fetch the rest with `git fetch --unshallow`.";
    case Skip::limit:
      return "It is beyond a limit of the scan: unpack it, or look at it by other means.";
    case Skip::interrupted:
      return "The scan was stopped: run it again and let it finish.";
    case Skip::submodule:
      return "It is a repository of its own: scan it there.";
    case Skip::lfs_pointer:
      return "Its content is on an LFS server: `git lfs pull`, then `sealwarden scan`.";
    case Skip::ignored_file:
      return "Ignored or excluded; --no-ignore scans it too.";
    case Skip::symlink_not_followed:
      return "What it points at is scanned only if it is in the folder too.";
    case Skip::encrypted_content:
      return "Look into it with its password, if what it holds matters.";
    case Skip::unsupported_content:
      return "Unpack it and scan the folder, if what it holds matters.";
    case Skip::damaged_content:
      return "What could be read of it was scanned; the bytes as they stand were, too.";
    case Skip::special_file:
      return "Sockets, pipes and devices hold no content to scan.";
  }
  return "";
}

}  // namespace sealwarden
