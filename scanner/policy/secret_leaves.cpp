// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/secret_leaves.h"

#include <algorithm>

#include "scanner/base/ascii.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/secret_value.h"
#include "scanner/policy/sops.h"
#include "scanner/policy/text_credentials.h"

namespace sealwarden {
namespace {

constexpr size_t kLongestFile = size_t{4} << 20;  // bytes of a file that is read for its secrets

bool is_container(NodeType type) { return type == NodeType::map || type == NodeType::sequence; }

}  // namespace

std::vector<uint32_t> leaves_below(const ParsedFile& file, uint32_t node) {
  std::vector<uint32_t> leaves, open{node};
  while (!open.empty()) {
    const uint32_t one = open.back();
    open.pop_back();
    if (file.nodes[one].type == NodeType::alias) continue;
    if (!is_container(file.nodes[one].type)) {
      leaves.push_back(one);
      continue;
    }
    const size_t before = open.size();
    for (uint32_t child = file.nodes[one].first; child != kNoDocumentNode; child = file.nodes[child].next) open.push_back(child);
    std::reverse(open.begin() + static_cast<ptrdiff_t>(before), open.end());
  }
  return leaves;
}

std::string_view name_of_leaf(const ParsedFile& file, uint32_t node) {
  const DocumentNode& leaf = file.nodes[node];
  if (leaf.parent == kNoDocumentNode) return {};
  if (leaf.key == "value")
    for (const std::string_view key : {"name", "key", "Name"})
      if (const uint32_t name = file.child(leaf.parent, key); name != kNoDocumentNode && file.nodes[name].type == NodeType::text)
          return file.nodes[name].text;
  return leaf.key.empty() ? file.nodes[leaf.parent].key : leaf.key;
}

bool is_secret_leaf(const Lexicon& lexicon, const ParsedFile& file, uint32_t node) {
  const DocumentNode& leaf = file.nodes[node];
  if ((leaf.flags & kTagged) != 0 && !leaf.tag.starts_with("!!")) return false;
  if (leaf.type != NodeType::text && leaf.type != NodeType::expression) return false;
  const std::string_view fallback = literal_default(leaf.text);
  if (leaf.type == NodeType::expression && fallback.empty()) return false;
  const std::string_view text = fallback.empty() ? leaf.text : fallback;
  const bool is_item = leaf.parent != kNoDocumentNode && file.nodes[leaf.parent].type == NodeType::sequence;
  if (!is_item && is_secret_literal(lexicon, name_of_leaf(file, node), text)) return true;
  return leaf.type == NodeType::text && leaf.text.find("://") != std::string_view::npos && !credentials_in_text(lexicon, leaf.text).empty();
}

bool is_encrypted_file(std::string_view path, Bytes bytes) {
  const size_t start = std::min(bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), bytes.size());
  if (bytes.starts_with(Bytes("\0GITCRYPT\0", 10)) || is_encrypted_value(bytes.substr(start))) return true;
  return is_sops_file(path, bytes);
}

bool holds_secret(const Lexicon& lexicon, std::string_view path, Bytes bytes) {
  if (bytes.size() > kLongestFile || is_encrypted_file(path, bytes)) return false;
  if (bytes.find("PRIVATE KEY-----") != Bytes::npos && bytes.find("ENCRYPTED") == Bytes::npos) return true;
  const auto format = document_format(path);
  if (!format || *format == DocumentFormat::source || *format == DocumentFormat::markdown) return false;
  const ParsedFile file = parse_document(*format, path, bytes);
  for (const Document& document : file.documents)
    if (document.root != kNoDocumentNode)
      for (const uint32_t leaf : leaves_below(file, document.root))
        if (is_secret_leaf(lexicon, file, leaf)) return true;
  return false;
}

}  // namespace sealwarden
