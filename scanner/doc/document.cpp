// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/document.h"

#include <algorithm>
#include <array>

namespace sealwarden {
namespace {

constexpr std::array<std::string_view, kDocumentFormats> kFormatNames = {
    "yaml", "json", "toml", "ini", "properties", "dotenv", "xml", "hcl", "dockerfile", "nginx", "markdown", "lines", "source"};
constexpr std::array<std::string_view, 5> kStateNames = {"parsed", "masked", "partial", "lines", "failed"};

}  // namespace

std::string_view name_of(DocumentFormat format) { return kFormatNames[static_cast<size_t>(format)]; }
std::string_view name_of(DocumentState state) { return kStateNames[static_cast<size_t>(state)]; }

std::optional<DocumentFormat> parse_document_format(std::string_view name) {
  const auto found = std::find(kFormatNames.begin(), kFormatNames.end(), name);
  if (found == kFormatNames.end()) return std::nullopt;
  return static_cast<DocumentFormat>(found - kFormatNames.begin());
}

uint32_t ParsedFile::child(uint32_t map, std::string_view key) const {
  uint32_t found = kNoDocumentNode;
  if (nodes[map].type != NodeType::map) return found;
  for (uint32_t child = nodes[map].first; child != kNoDocumentNode; child = nodes[child].next)
    if (nodes[child].key == key && (nodes[child].flags & kMergeKey) == 0) found = child;
  return found;
}

}  // namespace sealwarden
