// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/small_documents.h"

#include <algorithm>

#include "scanner/base/glob.h"
#include "scanner/doc/builder.h"

namespace sealwarden {
namespace {

Span whole(std::string_view text, std::string_view part) {
  const auto begin = static_cast<uint32_t>(part.data() - text.data());
  return {begin, begin + static_cast<uint32_t>(part.size())};
}

std::string_view take_until(std::string_view& rest, std::string_view stops) {
  const std::string_view head = rest.substr(0, rest.find_first_of(stops));
  rest.remove_prefix(head.size());
  return head;
}

// Keys and texts in order: what differs in nothing else says the same.
bool same_tree(const ParsedFile& a, uint32_t x, const ParsedFile& b, uint32_t y) {
  std::vector<std::pair<uint32_t, uint32_t>> open{{x, y}};
  while (!open.empty()) {
    const auto [i, k] = open.back();
    open.pop_back();
    const DocumentNode &one = a.nodes[i], &other = b.nodes[k];
    if (one.type != other.type || one.text != other.text || one.key != other.key) return false;
    if (one.type == NodeType::alias) continue;
    uint32_t child = one.first, twin = other.first;
    for (; child != kNoDocumentNode && twin != kNoDocumentNode; child = a.nodes[child].next, twin = b.nodes[twin].next) open.emplace_back(child, twin);
    if (child != twin) return false;
  }
  return true;
}

std::vector<uint32_t> entries_but(const ParsedFile& file, const std::vector<std::string>& but) {
  std::vector<uint32_t> entries;
  if (file.documents.empty() || file.documents.front().root == kNoDocumentNode) return entries;
  for (uint32_t child = file.nodes[file.documents.front().root].first; child != kNoDocumentNode; child = file.nodes[child].next)
    if (std::none_of(but.begin(), but.end(), [&](const std::string& glob) { return glob_matches(glob, file.nodes[child].key); })) entries.push_back(child);
  std::sort(entries.begin(), entries.end(), [&](uint32_t a, uint32_t b) { return file.nodes[a].key < file.nodes[b].key; });
  return entries;
}

}  // namespace

bool url_document(std::string_view text, ParsedFile& out) {
  std::string_view rest = text.starts_with("jdbc:") ? text.substr(5) : text;
  const size_t colon = rest.find("://");
  if (colon == std::string_view::npos || colon == 0) return false;
  out.bytes = text;
  DocumentBuilder builder(out, {});
  builder.begin_document(0);
  builder.begin_map({}, {0, static_cast<uint32_t>(text.size())});
  const auto add = [&](std::string_view key, std::string_view value) { builder.scalar({.text = key}, NodeType::text, value, whole(text, value)); };
  add("scheme", rest.substr(0, colon));
  rest.remove_prefix(colon + 3);
  std::string_view authority = take_until(rest, "/?#");
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = authority.substr(0, at);
    const size_t parted = login.find(':');
    add("user", login.substr(0, parted));
    if (parted != std::string_view::npos) add("password", login.substr(parted + 1));
    authority.remove_prefix(at + 1);
  }
  const size_t port = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
  add("host", authority.substr(0, port));
  if (port != std::string_view::npos) add("port", authority.substr(port + 1));
  add("path", take_until(rest, "?#"));
  if (!rest.empty() && rest.front() == '?') {
    rest.remove_prefix(1);
    add("query", take_until(rest, "#"));
  }
  builder.end(static_cast<uint32_t>(text.size()));
  builder.finish_document(static_cast<uint32_t>(text.size()), DocumentState::parsed);
  return true;
}

void text_document(std::string_view text, ParsedFile& out) {
  out.bytes = text;
  DocumentBuilder builder(out, {});
  builder.begin_document(0);
  builder.scalar({}, NodeType::text, text, {0, static_cast<uint32_t>(text.size())});
  builder.finish_document(static_cast<uint32_t>(text.size()), DocumentState::parsed);
}

bool differs_outside(const ParsedFile& old, const ParsedFile& now, const std::vector<std::string>& but) {
  const std::vector<uint32_t> before = entries_but(old, but), after = entries_but(now, but);
  return !std::equal(before.begin(), before.end(), after.begin(), after.end(), [&](uint32_t a, uint32_t b) { return same_tree(old, a, now, b); });
}

}  // namespace sealwarden
