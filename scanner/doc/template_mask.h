// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/doc/document.h"

namespace sealwarden {

// An action of a template language within another text: {{ Go, Helm, Jinja }}, {% Jinja %}, {# Jinja #}, <% ERB %>.
struct TemplateAction {
  enum class Kind : uint8_t {
    output,     // writes something: include, toYaml, .Values.x
    opening,    // what follows is there under a condition, or several times: if, range, with, define, for
    otherwise,  // else, elif, elsif
    closing,    // end, endif
    silent,     // a comment, or the setting of a variable
  };
  Span span;
  Kind kind = Kind::output;
  bool blanked = false;  // alone on its lines, or makes lines of its own (nindent): masked by blanks. Else by underscores
  uint32_t column = 0;   // where the lines that it makes begin: what nindent or indent say, else its own column
};

// A text with its actions masked: as many bytes as before, line breaks at the same places.
struct MaskedTemplate {
  std::string text;
  std::vector<TemplateAction> actions;  // by position, disjoint
};

// Whether the files of this path are templates by convention: below templates/, *.tpl, *.j2, *.erb, *.gotmpl, *.tmpl.
bool is_template_path(std::string_view path);

// Masks all actions. `${{ }}` (GitHub, Azure) is none: those formats are parsed with their expressions. Linear. Without actions,
// `text` stays empty.
MaskedTemplate mask_template(Bytes text);

}  // namespace sealwarden
