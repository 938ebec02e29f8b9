// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/text_resolvers.h"

#include <algorithm>

#include "scanner/doc/scalar_origin.h"
#include "scanner/policy/dockerfile_facts.h"
#include "scanner/policy/nginx.h"
#include "scanner/policy/program_text.h"
#include "scanner/policy/text_credentials.h"

namespace sealwarden {
namespace {

constexpr size_t kLongestText = size_t{1} << 18;
constexpr size_t kMostItems = 4096;
constexpr size_t kLongestFollowed = size_t{1} << 16;

bool is_text(NodeType type) { return type == NodeType::text || type == NodeType::expression; }

void add_parts(const ParsedFile& file, uint32_t node, const std::vector<std::string_view>& parts, FoundNodes& out) {
  for (const std::string_view part : parts) out.nodes.push_back({node, NodeType::text, part, span_of_part(file, node, part), &file});
}

// The words of a list are looked at together: a password may be the one behind "--password".
void add_of_list(const Lexicon& lexicon, const ParsedFile& file, uint32_t list, FoundNodes& out) {
  std::vector<uint32_t> items;
  std::vector<std::string_view> words;
  for (uint32_t item = file.nodes[list].first; item != kNoDocumentNode && items.size() < kMostItems; item = file.nodes[item].next) {
    const DocumentNode& one = file.nodes[item];
    if (one.type == NodeType::map || one.type == NodeType::sequence || one.type == NodeType::alias) continue;
    items.push_back(item);
    words.push_back(one.text.substr(0, kLongestText));
  }
  for (const std::string_view part : credentials_in_words(lexicon, words))
    for (size_t i = 0; i < items.size(); ++i) {
      const std::string_view text = file.nodes[items[i]].text;
      if (part.data() < text.data() || part.data() + part.size() > text.data() + text.size()) continue;
      add_parts(file, items[i], {part}, out);
      break;
    }
}

// A server's own language in a text that was read line by line ("redis.conf" in a ConfigMap): its directives may stand again.
// Such files by themselves are left out by the rule's paths.
bool is_of_server_text(const ParsedFile& file, uint32_t node) {
  return std::any_of(file.embedded.begin(), file.embedded.end(), [&](const EmbeddedText& text) {
    if (node < text.first || node >= text.end || (text.format != DocumentFormat::ini && text.format != DocumentFormat::properties)) return false;
    const std::string_view name = file.nodes[text.node].key;
    return name.ends_with(".conf") || name.ends_with(".cfg") || name.ends_with(".cnf");
  });
}

// Whether an entry before this one in the same map has its key and another value.
Truth overrides_another(const ParsedFile& file, uint32_t node) {
  const DocumentNode& one = file.nodes[node];
  if ((one.flags & kDuplicateKey) == 0 || one.parent == kNoDocumentNode || file.nodes[one.parent].type != NodeType::map) return Truth::no;
  if (is_of_server_text(file, node)) return Truth::no;
  // Of two branches of a template only one is there.
  if ((file.nodes[one.parent].flags & kMasked) != 0) return Truth::unknown;
  bool is_unknown = false;
  size_t steps = 0;
  for (uint32_t other = file.nodes[one.parent].first; other != node && other != kNoDocumentNode && ++steps < kMostItems; other = file.nodes[other].next) {
    const DocumentNode& earlier = file.nodes[other];
    if (earlier.key != one.key) continue;
    const bool container = earlier.first != kNoDocumentNode || one.first != kNoDocumentNode;
    if (earlier.type == NodeType::expression || one.type == NodeType::expression) is_unknown = earlier.text != one.text || is_unknown;
    else if (container || earlier.type != one.type || earlier.text != one.text) return Truth::yes;
  }
  return is_unknown ? Truth::unknown : Truth::no;
}

Truth is_user(const ParsedFile& file, uint32_t stage, const std::vector<std::string>& arguments) {
  const DockerUser::Kind kind = docker_user(file, stage).kind;
  if (kind == DockerUser::Kind::unknown) return Truth::unknown;
  const std::string name = kind == DockerUser::Kind::root         ? "root"
                           : kind == DockerUser::Kind::unset_root ? "unset_root"
                           : kind == DockerUser::Kind::unset      ? "unset"
                                                                  : "";
  return truth(std::find(arguments.begin(), arguments.end(), name) != arguments.end());
}

}  // namespace

Span span_of_part(const ParsedFile& file, uint32_t node, std::string_view part) {
  const char* begin = file.bytes.data();
  if (part.data() >= begin && part.data() + part.size() <= begin + file.bytes.size()) {
    const auto offset = static_cast<uint32_t>(part.data() - begin);
    return {offset, offset + static_cast<uint32_t>(part.size())};
  }
  const Span all = file.nodes[node].span;
  if (part.empty() || all.end > file.bytes.size() || all.begin >= all.end) return all;
  const size_t found = file.bytes.substr(all.begin, all.end - all.begin).find(part);
  if (found == Bytes::npos) {  // written with escapes, or in lines that lost their indentation
    const std::string_view text = file.nodes[node].text;
    if (text.size() > kLongestFollowed || part.data() < text.data() || part.data() + part.size() > text.data() + text.size()) return all;
    const auto first = static_cast<uint32_t>(part.data() - text.data());
    return origin_of(text_origin(file, node), {first, first + static_cast<uint32_t>(part.size())});
  }
  const uint32_t offset = all.begin + static_cast<uint32_t>(found);
  return {offset, offset + static_cast<uint32_t>(part.size())};
}

bool resolve_text_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out) {
  const ParsedFile& file = evaluator.file();
  const DocumentNode& one = file.nodes[node];
  const Lexicon& lexicon = evaluator.context().lexicon;
  if (name == "dockerfile_user") {
    const uint32_t user = docker_user(file, node).node;
    if (user != kNoDocumentNode) out.nodes.push_back({user, file.nodes[user].type, file.nodes[user].text, file.nodes[user].span, &file});
  } else if (name == "text_credential") {
    if (is_text(one.type)) add_parts(file, node, credentials_in_text(lexicon, one.text.substr(0, kLongestText)), out);
  } else if (name == "assigned_literal") {
    if (const std::string_view part = is_text(one.type) ? assigned_literal(one.text) : std::string_view(); !part.empty()) add_parts(file, node, {part}, out);
  } else if (name == "signing_literal") {
    if (is_text(one.type)) add_parts(file, node, signing_literals(one.text), out);
  } else if (name == "command_credential") {
    if (one.type == NodeType::sequence) add_of_list(lexicon, file, node, out);
    else if (is_text(one.type)) add_parts(file, node, credentials_in_command(lexicon, one.text.substr(0, kLongestText)), out);
  } else {
    return false;
  }
  return true;
}

std::optional<Truth> resolve_text_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node) {
  const ParsedFile& file = evaluator.file();
  if (name == "dockerfile_base") return has_moving_base(file, node);
  if (name == "dockerfile_user") return is_user(file, node, arguments);
  if (name == "nginx_tls_sibling") {
    auto& tls = evaluator.memo().tls;
    if (!tls) tls = tls_servers(file, node);
    return truth(has_tls_sibling(file, node, *tls));
  }
  if (name == "duplicate_key") return overrides_another(file, node);
  return std::nullopt;
}

}  // namespace sealwarden
