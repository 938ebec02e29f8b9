// SPDX-License-Identifier: Apache-2.0
#include "git/reflog.h"

#include <algorithm>

#include "git/files.h"
#include "git/objects.h"
#include "git/ref_files.h"

namespace sealwarden {
namespace {

constexpr size_t kLogFile = size_t{1} << 30;

// line = id ' ' id ' ' "Name <mail> date zone" [ TAB message ] LF
std::optional<ReflogEntry> parse_line(Bytes line, const std::string& log) {
  if (line.size() < 82 || line[40] != ' ' || line[81] != ' ') return std::nullopt;
  const std::optional<ObjectId> from = ObjectId::from_hex(line.substr(0, 40));
  const std::optional<ObjectId> to = ObjectId::from_hex(line.substr(41, 40));
  if (!from || !to) return std::nullopt;
  const size_t tab = std::min(line.find('\t', 82), line.size());
  const Signature signature = parse_signature(line.substr(82, tab - 82));
  const Bytes message = line.substr(std::min(line.size(), tab + 1));
  return ReflogEntry{log, *from, *to, std::string(signature.who), signature.date, std::string(message)};
}

}  // namespace

size_t parse_reflog(Bytes content, const std::string& log, std::vector<ReflogEntry>& entries) {
  size_t broken = 0;
  while (!content.empty()) {
    const size_t end = std::min(content.find('\n'), content.size());
    if (std::optional<ReflogEntry> entry = parse_line(content.substr(0, end), log))
      entries.push_back(std::move(*entry));
    else
      ++broken;
    content.remove_prefix(std::min(content.size(), end + 1));
  }
  return broken;
}

void read_reflogs(const std::string& git_dir, const std::string& prefix, std::vector<ReflogEntry>& entries,
                  Ledger& ledger) {
  visit_files(join(git_dir, "logs"), "", ledger, [&](const std::string& name, const std::string& file) {
    if (name.ends_with(".lock")) return;
    if (kind_of_entry(file) == FileKind::symlink && !resolve(file).starts_with(git_dir + "/"))
      return ledger.skip(Skip::corrupt_repository, file + ": a symlink that leads out of the repository");
    const std::optional<std::string> content = read_if_there(file, kLogFile, ledger);
    const size_t broken = content ? parse_reflog(*content, prefix + name.substr(1), entries) : 0;
    for (size_t i = 0; i < broken; ++i)
      ledger.skip(Skip::corrupt_repository, file + ": a line that is no reflog entry");
  });
}

}  // namespace sealwarden
