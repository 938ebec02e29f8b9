// SPDX-License-Identifier: Apache-2.0
// What is true of every parsed file, whatever its bytes.
#pragma once

#include <string>
#include <string_view>

#include "scanner/doc/document.h"
#include "tests/support/document_dump.h"

namespace sealwarden::testing {

inline bool lies_in(Span inner, Span outer) { return outer.begin <= inner.begin && inner.begin <= inner.end && inner.end <= outer.end; }

// The first thing that is wrong with the shape of a file's trees, positions, problems and comments; empty: nothing.
inline std::string find_flaw(const ParsedFile& file) {
  const Span whole{0, static_cast<uint32_t>(file.bytes.size())};
  for (size_t i = 0; i < file.nodes.size(); ++i) {
    const DocumentNode& node = file.nodes[i];
    const auto flaw = [&file, i](std::string what) {  // paths are costly
      return "node " + std::to_string(i) + " " + path_of(file, static_cast<uint32_t>(i)) + ": " + what;
    };
    if (!lies_in(node.span, whole) || !lies_in(node.key_span, whole)) return flaw("it lies outside of the file");
    const bool is_collection = node.type == NodeType::map || node.type == NodeType::sequence;
    if (!is_collection && node.first != kNoDocumentNode) return flaw("a scalar has children");
    for (uint32_t at = node.first; at != kNoDocumentNode; at = file.node(at).next) {
      if (file.node(at).parent != i) return flaw("a child has another parent");
      if (!lies_in(file.node(at).span, node.span)) return flaw("a child lies outside of it: " + path_of(file, at));
    }
    const char* begin = file.bytes.data();
    if (!is_collection && node.text.data() >= begin && node.text.data() < begin + file.bytes.size()) {
      const auto at = static_cast<uint32_t>(node.text.data() - begin);
      if (!lies_in({at, static_cast<uint32_t>(at + node.text.size())}, node.span)) return flaw("its text lies outside of it");
    }
  }
  for (size_t i = 0; i < file.problems.size(); ++i)
    if (!lies_in(file.problems[i].at, whole) || (i > 0 &&
        file.problems[i].at.begin < file.problems[i - 1].at.begin)) return "problems are not in order";
  for (size_t i = 0; i < file.comments.size(); ++i)
    if (!lies_in(file.comments[i].span, whole) || (i > 0 && file.comments[i].span.begin < file.comments[i - 1].span.end))
      return "comments are not in order";
  for (const Document& document : file.documents)
    if (!lies_in(document.span, whole)) return "a document lies outside of the file";
  return {};
}

}  // namespace sealwarden::testing
