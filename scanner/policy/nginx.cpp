// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/nginx.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr size_t kMostNames = 4096;  // of a server
constexpr size_t kMostCompared = 4'000'000;  // names of a file; one with more is machine-made
constexpr size_t kMostServers = 4096;

template <class Visit>
void each_child(const ParsedFile& file, uint32_t node, const Visit& visit) {
  for (uint32_t child = file.nodes[node].first; child != kNoDocumentNode; child = file.nodes[child].next) visit(child);
}

// The directives `name` of a block, those of one name being a list.
std::vector<uint32_t> directives(const ParsedFile& file, uint32_t block, std::string_view name) {
  std::vector<uint32_t> out;
  each_child(file, block, [&](uint32_t child) {
    if (file.nodes[child].key != name) return;
    if (file.nodes[child].type == NodeType::sequence) each_child(file, child, [&](uint32_t item) { out.push_back(item); });
    else out.push_back(child);
  });
  return out;
}

std::vector<std::string> words_of(const ParsedFile& file, uint32_t block, std::string_view name) {
  std::vector<std::string> out;
  for (const uint32_t one : directives(file, block, name)) {
    const std::string lower = lower_case(file.nodes[one].text);
    for (size_t at = 0; at < lower.size() && out.size() < kMostNames;) {
      const size_t end = std::min(lower.find(' ', at), lower.size());
      if (end > at) out.push_back(lower.substr(at, end - at));
      at = end + 1;
    }
  }
  return out;
}

bool has_tls(const ParsedFile& file, uint32_t server) {
  const std::vector<std::string> listens = words_of(file, server, "listen");
  const auto says_tls = [](const std::string& word) { return word == "ssl" || word == "quic" || word == "443" || word.ends_with(":443"); };
  if (std::any_of(listens.begin(), listens.end(), says_tls)) return true;
  const std::vector<std::string> ssl = words_of(file, server, "ssl");
  return !ssl.empty() && ssl.front() == "on";
}

bool is_for_all(const std::string& name) { return name == "_" || name.empty() || name.starts_with('~') || name.find('$') != std::string::npos; }

// "*.example.com" and ".example.com" hold "www.example.com".
bool covers(std::string_view pattern, std::string_view name) {
  if (pattern == name) return true;
  if (pattern.starts_with("*.")) pattern.remove_prefix(1);
  if (pattern.starts_with('.')) return name.ends_with(pattern) || name == pattern.substr(1);
  return pattern.ends_with(".*") && name.starts_with(pattern.substr(0, pattern.size() - 1));
}

std::vector<uint32_t> all_servers(const ParsedFile& file, uint32_t root) {
  std::vector<uint32_t> out;
  const auto add = [&](uint32_t block) {
    for (const uint32_t server : directives(file, block, "server"))
      if (file.nodes[server].type == NodeType::map && out.size() < kMostServers) out.push_back(server);
  };
  add(root);
  for (const uint32_t http : directives(file, root, "http"))
    if (file.nodes[http].type == NodeType::map) add(http);
  return out;
}

}  // namespace

TlsServers tls_servers(const ParsedFile& file, uint32_t node) {
  uint32_t root = node;
  while (file.nodes[root].parent != kNoDocumentNode) root = file.nodes[root].parent;
  TlsServers out;
  for (const uint32_t server : all_servers(file, root))
    if (has_tls(file, server)) out.servers.emplace_back(server, words_of(file, server, "server_name"));
  return out;
}

bool has_tls_sibling(const ParsedFile& file, uint32_t node, TlsServers& tls) {
  const std::vector<std::string> names = words_of(file, node, "server_name");
  for (const auto& [other, others] : tls.servers) {
    if (other == node) continue;
    if (names.empty() || others.empty()) return true;
    for (const std::string& mine : names)
      for (const std::string& name : others) {
        if (is_for_all(mine) || is_for_all(name) || covers(name, mine) || covers(mine, name)) return true;
        if (++tls.compared > kMostCompared) return true;
      }
  }
  return false;
}

}  // namespace sealwarden
