// SPDX-License-Identifier: Apache-2.0
// What holds of every file that a parser has read, whatever its bytes were.
#pragma once

#include <string>
#include <string_view>

#include "scanner/doc/document.h"

namespace sealwarden::testing {

// Whether a text that is a view of the file's bytes stands where its span says, with or without its quotes.
inline bool is_spanned(const ParsedFile& file, std::string_view text, Span span) {
  const char* begin = file.bytes.data();
  if (text.empty() || std::less<>()(text.data(), begin) || !std::less<>()(text.data(), begin + file.bytes.size())) return true;
  for (const uint32_t skipped : {0U, 1U, 3U, 4U, 5U})  // none, ", """, """ and a line end
    if (text.data() == begin + span.begin + skipped && text.size() + skipped <= span.end - span.begin) return true;
  return false;
}

// The first thing that is wrong with a tree; empty: nothing. `nested`: children lie within their parents.
inline std::string fault_of(const ParsedFile& file, const DocumentLimits& limits = {}, bool nested = true) {
  const auto is_span = [&](Span span) { return span.begin <= span.end && span.end <= file.bytes.size(); };
  if (file.nodes.size() > limits.nodes) return "too many nodes";
  uint64_t reached = 0;
  for (uint32_t i = 0; i < file.nodes.size(); ++i) {
    const DocumentNode& node = file.nodes[i];
    const std::string name = "node " + std::to_string(i) + ": ";
    if (!is_span(node.span) || !is_span(node.key_span)) return name + "a span that is none";
    if (!is_spanned(file, node.key, node.key_span)) return name + "its key is elsewhere";
    if (!is_spanned(file, node.text, node.span)) return name + "its text is elsewhere";
    uint32_t depth = 0;
    for (uint32_t up = node.parent; up != kNoDocumentNode && depth <= limits.depth; up = file.nodes[up].parent) ++depth;
    if (depth > limits.depth) return name + "too deep";
    if (node.type == NodeType::alias) continue;
    for (uint32_t child = node.first; child != kNoDocumentNode; child = file.nodes[child].next, ++reached) {
      if (child >= file.nodes.size() || reached > file.nodes.size()) return name + "a child that is none";
      const DocumentNode& below = file.nodes[child];
      if (below.parent != i) return name + "a child of another";
      if (nested && (below.span.begin < node.span.begin || below.span.end > node.span.end)) return name + "a child that lies outside";
      if (node.type != NodeType::map && node.type != NodeType::sequence) return name + "a scalar with a child";
    }
  }
  for (const Document& document : file.documents) {
    if (!is_span(document.span)) return "a document's span that is none";
    reached += document.root != kNoDocumentNode ? 1 : 0;
  }
  if (reached != file.nodes.size()) return "nodes that no document reaches";
  for (const DocumentComment& comment : file.comments)
    if (!is_span(comment.span)) return "a comment's span that is none";
  uint32_t before = 0;
  for (const DocumentProblem& problem : file.problems) {
    if (!is_span(problem.at)) return "a problem's span that is none: " + problem.what;
    if (problem.at.begin < before) return "a problem out of order: " + problem.what;
    before = problem.at.begin;
  }
  return "";
}

}  // namespace sealwarden::testing
