// SPDX-License-Identifier: Apache-2.0
// A document as lines that a test can compare: one line a leaf, `a.b[0].c = text`.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden::testing {

struct DumpOptions {
  bool types = false;  // `a = integer 5`
  bool flags = false;  // `a = 5 (masked)`; of maps and sequences, an own line `a (masked)`
  bool spans = false;  // `a = 5 @3-4`
};

inline std::string_view name_of_type(NodeType type) {
  static constexpr std::array<std::string_view, 9> kNames = {"map",     "sequence", "text",       "integer", "real",
                                                             "boolean", "null",     "expression", "alias"};
  return kNames[static_cast<size_t>(type)];
}

inline std::string flags_text(uint16_t flags) {
  static constexpr std::array<std::pair<uint16_t, std::string_view>, 8> kNames = {{{kQuoted, "quoted"},
                                                                                   {kBlock, "block"},
                                                                                   {kMasked, "masked"},
                                                                                   {kMergeKey, "merge"},
                                                                                   {kDuplicateKey, "duplicate"},
                                                                                   {kRepeated, "repeated"},
                                                                                   {kTagged, "tagged"},
                                                                                   {kEmbedded, "embedded"}}};
  std::string text;
  for (const auto& [flag, name] : kNames)
    if ((flags & flag) != 0) text.append(text.empty() ? " (" : " ").append(name);
  return text.empty() ? text : text + ")";
}

inline std::string escaped_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') escaped += "\\n";
    else if (c == '\r') escaped += "\\r";
    else if (c == '\t') escaped += "\\t";
    else if (c == '\\') escaped += "\\\\";
    else escaped += c;
  }
  return escaped;
}

// The path of a node from its root: "a.b[0]"; empty for a root.
inline std::string path_of(const ParsedFile& file, uint32_t index) {
  std::vector<uint32_t> up;
  for (uint32_t at = index; at != kNoDocumentNode && file.node(at).parent != kNoDocumentNode; at = file.node(at).parent) up.push_back(at);
  std::string path;
  for (size_t i = up.size(); i-- > 0;) {
    const DocumentNode& parent = file.node(file.node(up[i]).parent);
    if (parent.type == NodeType::sequence) {
      size_t place = 0;
      for (uint32_t at = parent.first; at != up[i]; at = file.node(at).next) ++place;
      path.append("[").append(std::to_string(place)).append("]");
    } else if (parent.type == NodeType::map) {
      path.append(path.empty() ? "" : ".").append(escaped_text(file.node(up[i]).key));
    } else {
      path.append("|");  // a document within a text
    }
  }
  return path;
}

inline void dump_node(const ParsedFile& file, uint32_t index, const std::string& path, const DumpOptions& options, std::string& out) {
  const DocumentNode& node = file.node(index);
  const bool collection = node.type == NodeType::map || node.type == NodeType::sequence;
  const std::string tag = node.tag.empty() ? "" : std::string(node.tag) + " ";
  std::string tail = options.flags ? flags_text(node.flags) : "";
  if (options.spans) tail.append(" @").append(std::to_string(node.span.begin)).append("-").append(std::to_string(node.span.end));
  if (!collection || node.first == kNoDocumentNode) {
    out.append(path).append(" = ").append(tag);
    if (options.types && !collection) out.append(name_of_type(node.type)).append(" ");
    if (collection) out.append(node.type == NodeType::map ? "{}" : "[]");
    else if (node.type == NodeType::alias) out.append("*").append(path_of(file, node.first));
    else if (node.type == NodeType::null && !options.types) out.append("null");
    else out.append(escaped_text(node.text));
    out.append(tail).append("\n");
  } else if (!tail.empty() || !tag.empty()) {
    out.append(path).append(tag.empty() ? "" : " ").append(node.tag).append(tail).append("\n");
  }
  if (node.type == NodeType::alias) return;
  size_t place = 0;
  for (uint32_t child = node.first; child != kNoDocumentNode; child = file.node(child).next, ++place) {
    std::string below = path;
    if (node.type == NodeType::sequence) below.append("[").append(std::to_string(place)).append("]");
    else if (node.type == NodeType::map) below.append(path.empty() ? "" : ".").append(escaped_text(file.node(child).key));
    else below.append("|");
    dump_node(file, child, below, options, out);
  }
}

// All documents of a file, with a line "---" between them. A document without a root gives no line.
inline std::string dump(const ParsedFile& file, const DumpOptions& options = {}) {
  std::string out;
  for (size_t i = 0; i < file.documents.size(); ++i) {
    if (i > 0) out += "---\n";
    if (file.documents[i].root != kNoDocumentNode) dump_node(file, file.documents[i].root, "", options, out);
  }
  return out;
}

// What is wrong with a file, one problem a line: "syntax 3-4 a sentence".
inline std::string dump_problems(const ParsedFile& file) {
  static constexpr std::array<std::string_view, 3> kKinds = {"syntax", "budget", "encoding"};
  std::string out;
  for (const DocumentProblem& problem : file.problems)
    out.append(kKinds[static_cast<size_t>(problem.kind)]).append(" ").append(std::to_string(problem.at.begin)).append("-")
        .append(std::to_string(problem.at.end)).append(" ").append(problem.what).append("\n");
  return out;
}

}  // namespace sealwarden::testing
