// SPDX-License-Identifier: Apache-2.0
#include "git/objects.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "scanner/base/digest.h"

namespace sealwarden {
namespace {

tl::unexpected<Error> broken(const char* what) { return fail(Error::Kind::corrupt, what); }

struct Header {
  Bytes name, value;  // value with its continuation lines
};

// header = name ' ' value LF { ' ' continuation LF }; an empty line ends the headers. nullopt at that line or
// at the end.
std::optional<Header> next_header(Bytes& rest) {
  if (rest.empty() || rest.front() == '\n') return std::nullopt;
  size_t end = rest.find('\n');
  while (end != Bytes::npos && end + 1 < rest.size() && rest[end + 1] == ' ')
    end = rest.find('\n', end + 1);
  const Bytes line = rest.substr(0, end);
  rest.remove_prefix(end == Bytes::npos ? rest.size() : end + 1);
  const size_t space = line.find(' ');
  if (space == Bytes::npos) return Header{line, {}};
  return Header{line.substr(0, space), line.substr(space + 1)};
}

// What follows the empty line.
Bytes message_of(Bytes rest) { return rest.empty() ? rest : rest.substr(1); }

std::optional<ObjectType> parse_type(Bytes name) {
  if (name == "commit") return ObjectType::commit;
  if (name == "tree") return ObjectType::tree;
  if (name == "blob") return ObjectType::blob;
  if (name == "tag") return ObjectType::tag;
  return std::nullopt;
}

}  // namespace

Bytes name_of(ObjectType type) {
  switch (type) {
    case ObjectType::commit: return "commit";
    case ObjectType::tree: return "tree";
    case ObjectType::blob: return "blob";
    case ObjectType::tag: return "tag";
  }
  return "object";
}

ObjectId object_id(ObjectType type, Bytes object) {
  std::string head(name_of(type));
  head.append(" ").append(std::to_string(object.size())).push_back('\0');
  return ObjectId{sha1(head, object)};
}

Result<CommitView> parse_commit(Bytes object) {
  CommitView commit;
  const std::optional<Header> first = next_header(object);
  const std::optional<ObjectId> tree = first ? ObjectId::from_hex(first->value) : std::nullopt;
  if (!tree || first->name != "tree") return broken("a commit without a tree");
  commit.tree = *tree;
  bool in_parents = true;  // they stand right behind the tree; what looks like one later is none to git
  while (const std::optional<Header> header = next_header(object)) {
    if (in_parents && header->name == "parent") {
      const std::optional<ObjectId> parent = ObjectId::from_hex(header->value);
      if (!parent) return broken("a commit with a parent that is no object id");
      commit.parents.push_back(*parent);
      continue;
    }
    in_parents = false;
    if (header->name == "author" && commit.author.empty())
      commit.author = header->value;
    else if (header->name == "committer" && commit.committer.empty())
      commit.committer = header->value;
    else
      commit.other_headers.emplace_back(header->name, header->value);
  }
  commit.message = message_of(object);
  return commit;
}

Result<TagView> parse_tag(Bytes object) {
  TagView tag;
  const std::optional<Header> first = next_header(object);
  const std::optional<ObjectId> target = first ? ObjectId::from_hex(first->value) : std::nullopt;
  if (!target || first->name != "object") return broken("a tag without an object");
  const std::optional<Header> second = next_header(object);
  const std::optional<ObjectType> type = second ? parse_type(second->value) : std::nullopt;
  if (!type || second->name != "type") return broken("a tag without the type of its object");
  tag.target = *target;
  tag.target_type = *type;
  while (const std::optional<Header> header = next_header(object)) {
    if (header->name == "tag" && tag.name.empty())
      tag.name = header->value;
    else if (header->name == "tagger" && tag.tagger.empty())
      tag.tagger = header->value;
    else
      tag.other_headers.emplace_back(header->name, header->value);
  }
  tag.message = message_of(object);
  return tag;
}

Signature parse_signature(Bytes line) {
  const size_t close = line.rfind('>');
  if (close == Bytes::npos) return {line, 0};
  Signature signature{line.substr(0, close + 1), 0};
  Bytes rest = line.substr(close + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), signature.date);
  if (error != std::errc{} || signature.date < 0) signature.date = 0;
  return signature;
}

bool take_tree_entry(Bytes& rest, TreeEntry& entry) {
  constexpr size_t kMostDigits = 8;
  uint32_t mode = 0;
  size_t at = 0;
  for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '7' && at < kMostDigits; ++at)
    mode = mode << 3 | static_cast<uint32_t>(rest[at] - '0');
  if (at == 0 || at >= rest.size() || rest[at] != ' ') return false;
  const size_t end = rest.find('\0', at + 1);
  if (end == Bytes::npos || rest.size() - end <= sizeof(ObjectId::raw)) return false;
  entry.mode = mode;
  entry.name = rest.substr(at + 1, end - at - 1);
  entry.id = ObjectId::from_raw(rest.data() + end + 1);
  rest.remove_prefix(end + 1 + sizeof(ObjectId::raw));
  return true;
}

Result<std::optional<TreeEntry>> next_tree_entry(Bytes& rest) {
  TreeEntry entry;
  if (take_tree_entry(rest, entry)) return std::optional<TreeEntry>{entry};
  if (rest.empty()) return std::optional<TreeEntry>{};
  return broken("a tree that is broken or cut off");
}

}  // namespace sealwarden
