// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/dockerfile_facts.h"

#include <algorithm>
#include <array>
#include <optional>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr char kHole = '\x01';     // where a variable without default stood
constexpr size_t kMostStages = 256;
constexpr size_t kLongestName = 4096;

// Official images whose processes run as root unless told otherwise.
constexpr std::array<std::string_view, 43> kRootImages = {
    "alpine", "debian", "ubuntu", "centos", "fedora", "rockylinux", "almalinux", "amazonlinux", "oraclelinux", "archlinux", "busybox",
    "opensuse/leap", "opensuse/tumbleweed", "buildpack-deps", "python", "node", "golang", "ruby", "php", "perl", "rust", "openjdk", "gcc", "erlang",
    "elixir", "swift", "haskell", "clojure", "julia", "r-base", "eclipse-temurin", "amazoncorretto", "ibmjava", "maven", "gradle", "composer", "pypy",
    "nginx", "httpd", "tomcat", "caddy", "docker", "scratch"};

std::string_view child_text(const ParsedFile& file, uint32_t map, std::string_view key) {
  const uint32_t child = file.child(map, key);
  return child == kNoDocumentNode ? std::string_view() : file.nodes[child].text;
}

bool is_stage(const ParsedFile& file, uint32_t node) {
  const uint32_t parent = node == kNoDocumentNode ? node : file.nodes[node].parent;
  return parent != kNoDocumentNode && file.format == DocumentFormat::dockerfile && file.nodes[node].type == NodeType::map && file.nodes[parent].key == "stages";
}

uint32_t root_of(const ParsedFile& file, uint32_t node) {
  while (file.nodes[node].parent != kNoDocumentNode) node = file.nodes[node].parent;
  return node;
}

std::optional<std::string_view> default_in(const ParsedFile& file, uint32_t pairs, std::string_view name) {
  if (pairs == kNoDocumentNode || file.nodes[pairs].type != NodeType::map) return std::nullopt;
  const uint32_t child = file.child(pairs, name);
  if (child == kNoDocumentNode || file.nodes[child].type == NodeType::null) return std::nullopt;
  return file.nodes[child].text;
}

std::optional<std::string_view> global_default(const ParsedFile& file, uint32_t stage, std::string_view name) {
  return default_in(file, file.child(root_of(file, stage), "args"), name);
}

// The value that a variable has within a stage, by its ENV and ARG; the last one counts.
std::optional<std::string_view> stage_default(const ParsedFile& file, uint32_t stage, std::string_view name) {
  std::optional<std::string_view> value;
  const uint32_t list = file.child(stage, "instructions");
  if (list == kNoDocumentNode) return value;
  for (uint32_t one = file.nodes[list].first; one != kNoDocumentNode; one = file.nodes[one].next) {
    const std::string_view op = child_text(file, one, "op");
    if (op != "ENV" && op != "ARG") continue;
    const uint32_t pairs = file.child(one, "pairs");
    if (pairs == kNoDocumentNode || file.child(pairs, name) == kNoDocumentNode) continue;
    const auto own = default_in(file, pairs, name);
    value = own ? own : global_default(file, stage, name);  // "ARG X" takes the file's
  }
  return value;
}

// `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+other}` replaced once; what is not known leaves a hole.
template <class Find>
std::string substituted(std::string_view text, const Find& find) {
  std::string out;
  for (size_t at = 0; at < text.size() && out.size() < kLongestName;) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '$') {
      out += '$';
      at += 2;
      continue;
    }
    if (text[at] != '$' || at + 1 >= text.size()) {
      out += text[at++];
      continue;
    }
    const bool braces = text[at + 1] == '{';
    size_t end = at + (braces ? 2 : 1);
    const size_t begin = end;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view name = text.substr(begin, end - begin);
    std::string_view rest;
    if (braces) {
      const size_t close = std::min(text.find('}', end), text.size());
      rest = text.substr(end, close - end);
      end = std::min(close + 1, text.size());
    }
    at = end;
    const auto value = find(name);
    const size_t dash = rest.starts_with(":-") ? 2 : rest.starts_with("-") ? 1 : 0;
    if (rest.starts_with(":+") || rest.starts_with("+")) out += kHole;
    else if (value && (!value->empty() || dash != 2)) out += value->find('$') == std::string_view::npos ? std::string(*value) : std::string(1, kHole);
    else if (dash > 0) out += rest.substr(dash).find('$') == std::string_view::npos ? std::string(rest.substr(dash)) : std::string(1, kHole);
    else out += kHole;
  }
  // What other programs fill in: templates of Dockerfiles.
  for (const std::string_view mark : {"{{", "%%", "@@", "<%"})
    if (out.find(mark) != std::string::npos) out += kHole;
  return out;
}

std::string base_of(const ParsedFile& file, uint32_t stage) {
  return substituted(child_text(file, stage, "base"), [&](std::string_view name) { return global_default(file, stage, name); });
}

// The stage before `stage` that the image is; kNoDocumentNode: none.
uint32_t earlier_stage(const ParsedFile& file, uint32_t stage, const std::string& base) {
  const std::string wanted = lower_case(base);
  uint32_t found = kNoDocumentNode;
  for (uint32_t one = file.nodes[file.nodes[stage].parent].first; one != kNoDocumentNode && one != stage; one = file.nodes[one].next)
    if (const std::string_view name = child_text(file, one, "name"); !name.empty() && lower_case(name) == wanted) found = one;
  return found;
}

// "docker.io/library/node:20-alpine@sha256:..." is node.
std::string short_name(std::string_view image) {
  std::string_view name = image.substr(0, image.find('@'));
  const size_t slash = name.rfind('/');
  if (const size_t colon = name.find(':', slash == std::string_view::npos ? 0 : slash); colon != std::string_view::npos) name = name.substr(0, colon);
  for (const std::string_view registry : {"docker.io/", "index.docker.io/", "registry-1.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/", "library/"})
    if (name.starts_with(registry)) name.remove_prefix(registry.size());
  return lower_case(name);
}

DockerUser::Kind user_of_image(const std::string& image) {
  const std::string lower = lower_case(image);
  const auto has = [&](std::string_view part) { return lower.find(part) != std::string::npos; };
  for (const std::string_view part : {"nonroot", "non-root", "unprivileged", "rootless", "bitnami/", "cgr.dev/chainguard/"})
    if (has(part)) return DockerUser::Kind::other;
  if (has("windows") || has("nanoserver")) return DockerUser::Kind::other;  // has no root
  if (lower.find(kHole) == 0) return DockerUser::Kind::unset;
  const std::string name = short_name(lower);
  const bool is_root = std::find(kRootImages.begin(), kRootImages.end(), std::string_view(name)) != kRootImages.end();
  return is_root ? DockerUser::Kind::unset_root : DockerUser::Kind::unset;
}

DockerUser::Kind user_of_text(const std::string& text) {
  const std::string user = text.substr(0, text.find(':'));
  if (user.find(kHole) != std::string::npos) return DockerUser::Kind::unknown;
  return lower_case(user) == "root" || (!user.empty() && user.find_first_not_of('0') == std::string::npos) ? DockerUser::Kind::root : DockerUser::Kind::other;
}

}  // namespace

Truth has_moving_base(const ParsedFile& file, uint32_t stage) {
  if (!is_stage(file, stage)) return Truth::no;
  const std::string base = base_of(file, stage);
  if (base.empty()) return child_text(file, stage, "base").empty() ? Truth::no : Truth::unknown;
  if (lower_case(base) == "scratch" || earlier_stage(file, stage, base) != kNoDocumentNode) return Truth::no;
  if (base.find('@') != std::string::npos) return Truth::no;
  const size_t slash = base.rfind('/');
  const size_t colon = base.find(':', slash == std::string::npos ? 0 : slash);
  if (colon == std::string::npos) return base.find(kHole) != std::string::npos ? Truth::unknown : Truth::yes;
  const std::string tag = base.substr(colon + 1);
  if (tag == "latest") return Truth::yes;
  // "1.2-$X" is a tag, whatever X is.
  return tag.empty() || tag.find_first_not_of(kHole) == std::string::npos ? Truth::unknown : Truth::no;
}

DockerUser docker_user(const ParsedFile& file, uint32_t stage) {
  for (size_t hops = 0; hops < kMostStages && is_stage(file, stage); ++hops) {
    uint32_t user = kNoDocumentNode;
    const uint32_t list = file.child(stage, "instructions");
    for (uint32_t one = list == kNoDocumentNode ? list : file.nodes[list].first; one != kNoDocumentNode; one = file.nodes[one].next)
      if (child_text(file, one, "op") == "USER")
        if (const uint32_t value = file.child(one, "value"); value != kNoDocumentNode) user = value;
    if (user != kNoDocumentNode) {
      if (file.nodes[user].text.find("APP_UID") != std::string_view::npos) return {DockerUser::Kind::other, user};  // .NET's images set it
      return {user_of_text(substituted(file.nodes[user].text, [&](std::string_view name) { return stage_default(file, stage, name); })), user};
    }
    const std::string base = base_of(file, stage);
    const uint32_t below = earlier_stage(file, stage, base);
    if (below == kNoDocumentNode) return {user_of_image(base), file.child(stage, "base")};
    stage = below;
  }
  return {};
}

}  // namespace sealwarden
