// SPDX-License-Identifier: Apache-2.0
// What toml++ makes of a TOML text, against what we make of it.
#pragma once

#include <cstdlib>
#include <string>

#include "rules/toml_value.h"
#include "scanner/doc/document.h"

namespace sealwarden::testing {

// Line and column, in code points, of a byte.
inline TomlPosition toml_position(Bytes bytes, uint32_t at) {
  TomlPosition position;
  for (uint32_t i = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < at; ++i) {
    if (bytes[i] == '\n') position = {position.line + 1, 1};
    else if ((bytes[i] & 0xC0) != 0x80) ++position.column;
  }
  return position;
}

inline bool is_same_scalar(const DocumentNode& node, const TomlValue& value) {
  switch (value.kind) {
    case TomlValue::Kind::text: return node.type == NodeType::text && (node.flags & kQuoted) != 0 && node.text == value.text;
    case TomlValue::Kind::boolean: return node.type == NodeType::boolean && (node.text == "true") == value.boolean;
    case TomlValue::Kind::date: return node.type == NodeType::text && (node.flags & kQuoted) == 0 && node.text == value.text;
    case TomlValue::Kind::other_time: return node.type == NodeType::text && (node.flags & kQuoted) == 0;
    default: break;
  }
  std::string digits;
  for (const char c : node.text)
    if (c != '_') digits += c;
  if (value.kind == TomlValue::Kind::real)
    return node.type == NodeType::real && (value.real != value.real || std::strtod(digits.c_str(), nullptr) == value.real);
  const int base = digits.starts_with("0x") ? 16 : digits.starts_with("0o") ? 8 : digits.starts_with("0b") ? 2 : 10;
  const char* begin = digits.c_str() + (base == 10 ? 0 : 2);
  return node.type == NodeType::integer && std::strtoll(begin, nullptr, base) == value.integer;
}

inline std::string toml_difference(const ParsedFile& file, uint32_t index, const TomlValue& value, const std::string& path) {
  if (index == kNoDocumentNode) return path + ": is missing";
  const DocumentNode& node = file.node(index);
  if (value.kind != TomlValue::Kind::table && value.kind != TomlValue::Kind::array) {
    if (!is_same_scalar(node, value)) return path + ": its value";
    return toml_position(file.bytes, node.span.begin) == value.position ? "" : path + ": its place";
  }
  const bool is_table = value.kind == TomlValue::Kind::table;
  if (node.type != (is_table ? NodeType::map : NodeType::sequence)) return path + ": its type";
  size_t count = 0;
  std::string found;
  for (uint32_t child = node.first; child != kNoDocumentNode; child = file.node(child).next, ++count) {
    if (is_table || !found.empty() || count >= value.items.size()) continue;
    found = toml_difference(file, child, value.items[count], path + "[" + std::to_string(count) + "]");
  }
  if (count != (is_table ? value.members.size() : value.items.size())) return path + ": its size";
  for (const TomlMember& member : value.members) {
    const uint32_t child = file.child(index, member.key);
    if (found.empty()) found = toml_difference(file, child, member.value, path + "." + member.key);
    const bool is_scalar = member.value.kind != TomlValue::Kind::table && member.value.kind != TomlValue::Kind::array;
    if (found.empty() && is_scalar && toml_position(file.bytes, file.node(child).key_span.begin) != member.position)
      found = path + "." + member.key + ": the place of its key";
  }
  return found;
}

// Where a file differs from what toml++ reads in it; empty: nowhere; "(no TOML)": it refuses it. toml++ goes down its stack
// for each part of a key, so the text must be small.
inline std::string toml_difference(const ParsedFile& file) {
  const auto expected = parse_toml("", file.bytes);
  if (!expected) return "(no TOML)";
  if (file.documents.size() != 1 || file.documents[0].state != DocumentState::parsed || !file.problems.empty())
    return "problems: " + (file.problems.empty() ? "" : file.problems[0].what);
  return toml_difference(file, file.documents[0].root, *expected, "");
}

}  // namespace sealwarden::testing
