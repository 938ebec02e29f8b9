// SPDX-License-Identifier: Apache-2.0
// Random trees for property tests: a test writes one in a format, reads it back and holds both against each other.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden::testing {

struct MadeValue {
  NodeType type = NodeType::map;
  std::string text;
  std::vector<std::pair<std::string, MadeValue>> children;  // items of sequences have empty keys
};

struct DocumentMaker {
  std::mt19937& random;
  std::string_view key_letters = "abcdefgh";
  std::vector<std::string> letters = {"a", "b", "z", "0", " ", "\"", "'", "\\", "\n", "\t", "{", "}", "#", "/", ",", ":", "=", "\xC3\xA9",
                                      "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "<", "&", "]"};
  bool with_null = true;

  size_t pick(size_t below) { return random() % below; }

  std::string text(size_t most) {
    std::string made;
    for (size_t i = pick(most + 1); i > 0; --i) made += letters[pick(letters.size())];
    return made;
  }

  // A key that is not in the map yet.
  std::string key(const MadeValue& map) {
    for (;;) {
      std::string made;
      for (size_t i = 1 + pick(4); i > 0; --i) made += key_letters[pick(key_letters.size())];
      bool is_new = true;
      for (const auto& [name, value] : map.children) is_new = is_new && name != made;
      if (is_new) return made;
    }
  }

  MadeValue scalar() {
    switch (pick(with_null ? 6 : 5)) {
      case 0: return {NodeType::integer, std::to_string(static_cast<int>(pick(2000)) - 1000), {}};
      case 1: return {NodeType::real, std::to_string(pick(100)) + "." + std::to_string(pick(100)) + (pick(2) == 0 ? "" : "e-7"), {}};
      case 2: return {NodeType::boolean, pick(2) == 0 ? "true" : "false", {}};
      case 5: return {NodeType::null, "null", {}};
      default: return {NodeType::text, text(12), {}};
    }
  }

  MadeValue value(unsigned depth) {
    if (depth == 0 || pick(3) == 0) return scalar();
    return pick(2) == 0 ? map(depth) : sequence(depth);
  }
  MadeValue sequence(unsigned depth) {
    MadeValue made{NodeType::sequence, "", {}};
    for (size_t i = pick(5); i > 0; --i) made.children.emplace_back("", value(depth - 1));
    return made;
  }
  MadeValue map(unsigned depth) {
    MadeValue made;
    for (size_t i = pick(5); i > 0; --i) {
      std::string name = key(made);
      made.children.emplace_back(std::move(name), value(depth - 1));
    }
    return made;
  }
};

// Where a tree differs from what was made ("a.b: its text"); empty: nowhere. Entries of maps may come in any order.
inline std::string difference(const ParsedFile& file, uint32_t index, const MadeValue& made, const std::string& path = "") {
  if (index == kNoDocumentNode) return path + ": is missing";
  const DocumentNode& node = file.node(index);
  if (node.type != made.type) return path + ": its type";
  if (node.text != made.text) return path + ": its text";
  size_t count = 0;
  for (uint32_t child = node.first; child != kNoDocumentNode; child = file.node(child).next) ++count;
  if (count != made.children.size()) return path + ": its size";
  uint32_t item = node.first;
  for (const auto& [key, value] : made.children) {
    const bool is_map = made.type == NodeType::map;
    std::string found = difference(file, is_map ? file.child(index, key) : item, value, path + "." + key);
    if (!found.empty()) return found;
    if (!is_map) item = file.node(item).next;
  }
  return "";
}

}  // namespace sealwarden::testing
