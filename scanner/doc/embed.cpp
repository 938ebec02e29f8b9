// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/embed.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scanner/doc/adopt.h"
#include "scanner/doc/base64.h"
#include "scanner/doc/line_reader.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/scalar_origin.h"
#include "scanner/doc/utf8_text.h"
#include "scanner/doc/wide_text.h"

namespace sealwarden {
namespace {


// Whether the line begins with `key:`, the key at its front, in quotes or not.
bool is_entry(std::string_view line) {
  size_t at = 0;
  if (!line.empty() && (line[0] == '"' || line[0] == '\'')) {
    at = line.find(line[0], 1);
    if (at == std::string_view::npos || at == 1) return false;
    ++at;
  } else {
    while (at < line.size() && (is_word(line[at]) || line[at] == '-' || line[at] == '.' || line[at] == '/')) ++at;
  }
  return at > 0 && at < line.size() && line[at] == ':' && (at + 1 == line.size() || is_blank(line[at + 1]));
}

// What the text looks like, the likeliest first: an object, an array, a section, more than one `key: value` line.
std::vector<DocumentFormat> looks_of(Bytes text) {
  uint32_t at = utf8_mark_size(text);
  while (at < text.size() && is_space(text[at])) ++at;
  const Bytes rest = text.substr(at);
  if (rest.starts_with('{')) return {DocumentFormat::json};
  if (rest.starts_with("<?xml")) return {DocumentFormat::xml};
  if (rest.starts_with('[')) {
    const TextLine first = line_at(rest, 0);
    const std::string_view line = text_of(rest, trimmed(rest, {first.begin, first.end}));
    const bool is_section = line.find(']') == line.size() - 1 && rest.find('=', first.next) != std::string_view::npos;
    if (is_section) return {DocumentFormat::json, DocumentFormat::toml, DocumentFormat::ini};
    return {DocumentFormat::json};
  }
  uint32_t entries = 0;
  for (uint32_t begin = 0; begin < rest.size() && entries < 2;) {
    const TextLine line = line_at(rest, begin);
    begin = line.next;
    if (is_entry(text_of(rest, {line.begin, line.end}))) ++entries;
  }
  if (entries > 1) return {DocumentFormat::yaml};
  return {};
}

bool is_collection(const ParsedFile& part, const Document& document) {
  if (document.root == kNoDocumentNode) return false;
  const DocumentNode& root = part.nodes[document.root];
  return (root.type == NodeType::map || root.type == NodeType::sequence) && root.first != kNoDocumentNode;
}

// A document by its name may be damaged, one by its looks may not.
bool is_accepted(const ParsedFile& part, bool by_name) {
  const auto& documents = part.documents;
  const auto is_budget = [](const DocumentProblem& problem) { return problem.kind == DocumentProblem::Kind::budget; };
  if (std::any_of(part.problems.begin(), part.problems.end(), is_budget)) return false;
  if (!std::any_of(documents.begin(), documents.end(), [&](const Document& one) { return is_collection(part, one); })) return false;
  return by_name || std::all_of(documents.begin(), documents.end(), [](const Document& one) {
           return one.state == DocumentState::parsed || one.state == DocumentState::masked;
         });
}

// Reads `text`; nullopt: it is no document.
std::optional<ParsedFile> read(const ParsedFile& file, Bytes text, std::string_view name, const DocumentLimits& limits) {
  DocumentLimits left = limits;
  left.nodes = limits.nodes - static_cast<uint32_t>(file.nodes.size()) - 1;
  const auto by_name = document_format(name);
  const auto formats = by_name ? std::vector<DocumentFormat>{*by_name} : looks_of(text);
  for (const DocumentFormat format : formats) {
    ParsedFile part = parse_document(format, by_name ? name : std::string_view(), text, left);
    if (is_accepted(part, by_name.has_value())) return part;
  }
  return std::nullopt;
}

DocumentState worst_state(const ParsedFile& part) {
  DocumentState worst = DocumentState::parsed;
  for (const Document& document : part.documents) worst = std::max(worst, document.state);
  return worst;
}

// Makes the part's documents the child of the node: the root, or of several a repeated sequence of them.
void hang_in(ParsedFile& file, uint32_t node, ParsedFile& part, EmbeddedText embedded) {
  const auto first = static_cast<uint32_t>(file.nodes.size());
  std::vector<uint32_t> roots;
  for (Document& document : part.documents) {
    if (document.root == kNoDocumentNode) continue;
    roots.push_back(document.root);
    // Where something was not read there may be more than is seen.
    if (document.state != DocumentState::parsed && document.state != DocumentState::masked) part.nodes[document.root].flags |= kMasked;
  }
  const auto outer_span = [&](Span span) { return origin_of(embedded.origin, span); };
  const auto size = static_cast<uint32_t>(embedded.text.size());
  const bool is_many = roots.size() > 1;
  if (is_many) {
    file.nodes.push_back({.type = NodeType::sequence, .flags = kRepeated, .parent = node, .span = outer_span({0, size})});
    embedded.spans.push_back({0, size});
  }
  embedded.spans.reserve(part.nodes.size() + 1);
  for (const DocumentNode& inner : part.nodes) embedded.spans.push_back(inner.span);
  const uint32_t shift = adopt_nodes(file, part, is_many ? first : node, outer_span);
  if (is_many) {
    file.nodes[first].first = roots[0] + shift;
    for (size_t i = 0; i + 1 < roots.size(); ++i) file.nodes[roots[i] + shift].next = roots[i + 1] + shift;
  }
  file.nodes[node].first = is_many ? first : roots[0] + shift;
  file.nodes[node].flags |= kEmbedded;
  embedded.node = node;
  embedded.first = first;
  embedded.end = static_cast<uint32_t>(file.nodes.size());
  file.embedded.push_back(std::move(embedded));
  std::move(part.problems.begin(), part.problems.end(), std::back_inserter(file.problems));
  file.comments.insert(file.comments.end(), part.comments.begin(), part.comments.end());
}

}  // namespace

bool embed_document(ParsedFile& file, uint32_t node, std::string_view name, EmbeddedCoding coding, uint32_t depth, const DocumentLimits& limits) {
  if (depth >= kMaxEmbeddedDepth || node >= file.nodes.size() || file.nodes.size() + 1 >= limits.nodes) return false;
  const DocumentNode& outer = file.nodes[node];
  if ((outer.type != NodeType::text && outer.type != NodeType::expression) || outer.first != kNoDocumentNode) return false;
  Bytes text = outer.text;
  if (coding == EmbeddedCoding::base64) {
    auto decoded = decode_base64(text);
    if (!decoded) return false;
    if (form_of_wide_text(*decoded) == WideForm::none && decoded->find('\0') != std::string::npos) return false;
    text = file.strings.emplace_back(std::move(*decoded));
  }
  auto part = text.empty() ? std::nullopt : read(file, text, name, limits);
  if (!part) {
    if (coding == EmbeddedCoding::base64) file.strings.pop_back();
    return false;
  }
  TextOrigin origin = text_origin(file, node);
  if (coding == EmbeddedCoding::base64) origin = base64_origin(origin, outer.text, text);
  hang_in(file, node, *part,
          {.format = part->format, .state = worst_state(*part), .text = text, .origin = std::move(origin)});
  return true;
}

}  // namespace sealwarden
