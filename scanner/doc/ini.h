// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "scanner/doc/document.h"

namespace sealwarden {

// What INI files have in common is little more than their sections.
enum class IniDialect : uint8_t {
  plain,      // `=` or `:`, indented lines go on
  git,        // [section "sub"], bare keys are true, escapes, a backslash goes on
  systemd,    // `=` only, a backslash goes on, keys may come again
  npm,        // `=` only, keys are URLs
  inventory,  // Ansible: hosts with variables, but for [x:vars]
};

// By the file's name; nullopt: it does not tell.
std::optional<IniDialect> ini_dialect_of(std::string_view path);
// By the looks of the text: git's if it has a section "[a "b"]", else plain.
IniDialect ini_dialect_of_text(Bytes bytes);

void parse_ini_dialect(ParsedFile& into, const DocumentLimits& limits, IniDialect dialect);

}  // namespace sealwarden
