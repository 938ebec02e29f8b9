// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/doc/document.h"
#include "scanner/doc/template_mask.h"
#include "scanner/doc/yaml_mend.h"

namespace sealwarden {

// What libyaml is given for a file: printable ASCII of the same length, so that its marks, which count code points, are bytes.
// Bytes beyond ASCII, and those that YAML does not allow, have placeholders, template actions masks, some tabs are blanks.
struct YamlText {
  static constexpr char kPlaceholder = 'Q';  // no letter of an escape

  Bytes source;
  std::string changed;                  // empty: nothing had to be
  std::vector<TemplateAction> actions;  // that were masked
  YamlMends mends;                      // that were made
  bool placeholders = false;

  [[nodiscard]] std::string_view text() const { return changed.empty() ? std::string_view(source) : std::string_view(changed); }
};

// Bytes that are no text are told to `problems`.
YamlText make_yaml_text(Bytes source, bool mask, YamlMends mends, std::vector<DocumentProblem>& problems);

// A decoded scalar with the bytes that had placeholders. `inside`: the range it was decoded from; `escapes`: with backslashes.
std::string with_original_bytes(const YamlText& text, Span inside, std::string decoded, bool escapes);

// The lines of a block text as they stand, without the indentation of the first, which begins at the range's begin.
std::string block_lines(Bytes source, Span inside, size_t column);

}  // namespace sealwarden
