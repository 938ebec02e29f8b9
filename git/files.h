// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/result.h"

namespace sealwarden {

// Small file-system helpers of this room. Paths are bytes; results have no trailing '/'.

enum class FileKind : uint8_t { none, regular, directory, symlink, other };
FileKind kind_of(const std::string& path);        // follows symlinks
FileKind kind_of_entry(const std::string& path);  // does not
bool is_empty_file(const std::string& path);      // or absent

struct DirectoryEntry {
  std::string name;
  FileKind kind;  // symlinks are not followed
};
// Without "." and "..", sorted by name. An absent folder is an Error of kind not_found.
Result<std::vector<DirectoryEntry>> list_directory(const std::string& path);

std::string join(std::string_view folder, std::string_view name);  // `name` as it is if absolute
std::string parent_of(std::string_view path);                      // "/" of "/a"
std::string base_name(std::string_view path);
// Absolute and without symlinks if the path exists; else absolute with "." and ".." taken out as text.
std::string resolve(const std::string& path);
// The text of a symlink; empty if it is none.
std::string read_link(const std::string& path);
// Without trailing CR and LF.
std::string_view without_line_end(std::string_view text);

}  // namespace sealwarden
