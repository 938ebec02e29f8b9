// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include "scanner/doc/document.h"

namespace sealwarden {

// Applies `move`, a Span to a Span, to all that says where something stands, from the given nodes, documents, problems and
// comments on.
template <typename Move>
void move_spans(ParsedFile& file, const Move& move, size_t node = 0, size_t document = 0, size_t problem = 0, size_t comment = 0) {
  for (; node < file.nodes.size(); ++node) {
    file.nodes[node].span = move(file.nodes[node].span);
    if (file.nodes[node].key_span != Span{}) file.nodes[node].key_span = move(file.nodes[node].key_span);
  }
  for (; document < file.documents.size(); ++document) file.documents[document].span = move(file.documents[document].span);
  for (; problem < file.problems.size(); ++problem) file.problems[problem].at = move(file.problems[problem].at);
  for (; comment < file.comments.size(); ++comment) file.comments[comment].span = move(file.comments[comment].span);
}

// Lets the outer file own the strings of a part that was read as a file of its own: wholly, for short strings that move lose
// their views.
inline void adopt_strings(ParsedFile& outer, ParsedFile& part) {
  if (!part.strings.empty()) outer.part_strings.push_back(std::move(part.strings));
  for (auto& strings : part.part_strings) outer.part_strings.push_back(std::move(strings));
}

// Moves the nodes and strings of a part behind the file's, with spans moved. Its roots get `parent`. Returns by how much indexes grew.
template <typename Move>
uint32_t adopt_nodes(ParsedFile& outer, ParsedFile& inner, uint32_t parent, const Move& move) {
  const auto shift = static_cast<uint32_t>(outer.nodes.size());
  adopt_strings(outer, inner);
  move_spans(inner, move);
  const auto shifted = [shift](uint32_t index) { return index == kNoDocumentNode ? index : index + shift; };
  for (DocumentNode node : inner.nodes) {
    node.first = shifted(node.first);
    node.next = shifted(node.next);
    node.parent = node.parent == kNoDocumentNode ? parent : node.parent + shift;
    outer.nodes.push_back(node);
  }
  for (Document& document : inner.documents) document.root = shifted(document.root);
  return shift;
}

}  // namespace sealwarden
