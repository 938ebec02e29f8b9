// SPDX-License-Identifier: Apache-2.0
// Archives made by libarchive, which shares no code with our readers.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "scanner/decode/unpack.h"

namespace sealwarden {

using NamedText = std::pair<std::string, std::string>;  // path, bytes

// `format` and `filter` are libarchive's names, `options` its own syntax ("zip:compression=store").
inline std::string make_archive(const std::string& format, const std::string& filter, const std::string& options,
                                const std::vector<NamedText>& members) {
  archive* writer = archive_write_new();
  const auto must = [&](int code) {
    if (code != ARCHIVE_OK) throw std::runtime_error("libarchive: " + std::string(archive_error_string(writer)));
  };
  must(archive_write_set_format_by_name(writer, format.c_str()));
  if (!filter.empty()) must(archive_write_add_filter_by_name(writer, filter.c_str()));
  if (!options.empty()) must(archive_write_set_options(writer, options.c_str()));
  size_t room = 1 << 20, used = 0;
  for (const NamedText& member : members) room += member.second.size() + member.first.size() + 4096;
  std::string bytes(room, '\0');
  must(archive_write_set_bytes_in_last_block(writer, 1));
  must(archive_write_open_memory(writer, bytes.data(), bytes.size(), &used));
  for (const auto& [path, text] : members) {
    archive_entry* entry = archive_entry_new();
    if (format != "raw") archive_entry_set_pathname(entry, path.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<int64_t>(text.size()));
    must(archive_write_header(writer, entry));
    if (archive_write_data(writer, text.data(), text.size()) < 0) must(ARCHIVE_FATAL);
    archive_entry_free(entry);
  }
  must(archive_write_close(writer));
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

// One compressed text.
inline std::string compress(const std::string& filter, const std::string& text) { return make_archive("raw", filter, "", {{"", text}}); }

struct Unpacked {
  std::vector<NamedText> members;
  std::vector<UnpackGap> gaps;
  UnpackBudget left;
};

// All levels, the pieces of long members put together.
inline Unpacked unpack_everything(Bytes bytes, UnpackBudget budget = {}) {
  Unpacked result;
  const TakeMember take = [&](const Member& member) {
    if (member.piece.offset == 0) return void(result.members.emplace_back(member.path, member.bytes));
    std::string& whole = result.members.back().second;
    whole.resize(member.piece.offset);
    whole += member.bytes;
  };
  unpack_all(bytes, container_of(bytes), budget, take, result.gaps);
  result.left = budget;
  return result;
}

}  // namespace sealwarden
