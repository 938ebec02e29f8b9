// SPDX-License-Identifier: Apache-2.0
// Trees that a test makes up, to be compared with parsed ones.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/document_dump.h"

namespace sealwarden::testing {

struct Tree {
  NodeType type = NodeType::map;
  std::string text;
  std::vector<std::string> keys;  // of a sequence empty ones
  std::vector<Tree> values;

  Tree& add(std::string key, Tree tree);
};

inline Tree& Tree::add(std::string key, Tree tree) {
  keys.push_back(std::move(key));
  return values.emplace_back(std::move(tree));
}

inline Tree made(NodeType type, std::string text = {}) { return {type, std::move(text), {}, {}}; }

inline void dump_tree(const Tree& tree, const std::string& path, std::string& out) {
  const bool is_map = tree.type == NodeType::map, is_sequence = tree.type == NodeType::sequence;
  if (!is_map && !is_sequence) out += path + " = " + std::string(name_of_type(tree.type)) + " " + escaped_text(tree.text) + "\n";
  else if (tree.values.empty()) out += path + " = " + (is_map ? "{}" : "[]") + "\n";
  for (size_t i = 0; i < tree.values.size(); ++i)
    dump_tree(tree.values[i], is_map ? path + (path.empty() ? "" : ".") + escaped_text(tree.keys[i]) : path + "[" +
        std::to_string(i) + "]", out);
}

// The lines that dump() with types gives for a file with this tree and no tags.
inline std::string dump_tree(const Tree& tree) {
  std::string out;
  dump_tree(tree, "", out);
  return out;
}

}  // namespace sealwarden::testing
