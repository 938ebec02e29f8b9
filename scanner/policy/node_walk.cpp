// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/policy/evaluator.h"
#include "scanner/policy/resolvers.h"
#include "scanner/policy/text_credentials.h"
#include "scanner/policy/text_resolvers.h"

namespace sealwarden {
namespace {

constexpr int kMergeDepth = 8;
constexpr uint64_t kVisitsPerNode = 64;  // of one document, by all paths of all rules

bool is_container(NodeType type) { return type == NodeType::map || type == NodeType::sequence; }

// Formats whose values are texts: what a template or a variable makes up there is one too.
bool has_only_texts(DocumentFormat format) {
  return format == DocumentFormat::nginx || format == DocumentFormat::dockerfile || format == DocumentFormat::dotenv || format == DocumentFormat::ini ||
         format == DocumentFormat::properties;
}

// What lies below such a node is not in the text.
bool hides_content(const ParsedFile& file, const DocumentNode& node) {
  if (!is_container(node.type) && has_only_texts(file.format)) return false;
  return (node.flags & kMasked) != 0 || node.type == NodeType::expression || ((node.flags & kTagged) != 0 && !is_container(node.type));
}

// Whether a node is an item of a list whose items set variables: "environment: [A=b]".
bool is_variable(const ParsedFile& file, uint32_t index) {
  const DocumentNode& node = file.nodes[index];
  if (!node.key.empty() || node.parent == kNoDocumentNode || (node.type != NodeType::text && node.type != NodeType::expression)) return false;
  const DocumentNode& list = file.nodes[node.parent];
  if (list.type != NodeType::sequence || (list.flags & kRepeated) != 0) return false;
  constexpr size_t kLongestList = 12;
  constexpr std::string_view kLists[] = {"environment", "env", "args", "labels", "envs", "build_args", "build-args", "buildargs",
                                         "variables",   "environments", "env_vars", "literals"};
  if (list.key.empty() || list.key.size() > kLongestList) return false;
  const std::string name = lower_case(list.key);
  return std::find(std::begin(kLists), std::end(kLists), name) != std::end(kLists);
}

}  // namespace

Evaluator::Evaluator(const PolicyContext& context, const ParsedFile& file, uint32_t root, uint32_t top, std::span<const std::string> kinds)
    : context_(context), file_(file), root_(root), top_(top), kinds_(kinds),
      visit_limit_(kVisitsPerNode * (file.nodes.size() + 1000) * (context.rules.rules.size() / 64 + 1)) {}

uint32_t Evaluator::resolve_alias(uint32_t node) const {
  for (int hops = 0; node != kNoDocumentNode && file_.nodes[node].type == NodeType::alias; ++hops) {
    if (hops == kMergeDepth) return kNoDocumentNode;
    node = file_.nodes[node].first;
  }
  return node;
}

void Evaluator::add(uint32_t node, FoundNodes& out) {
  ++visits_;
  node = resolve_alias(node);
  if (node == kNoDocumentNode || is_exhausted()) return;
  out.nodes.push_back(value_of(node));
}

// An item `NAME=value` of a list of variables is the value; name_of_value() tells NAME.
NodeValue Evaluator::value_of(uint32_t index) const {
  const DocumentNode& node = file_.nodes[index];
  NodeValue value{index, node.type, node.text, node.span, &file_};
  std::string_view name, rest;
  if (is_variable(file_, index) && split_assignment(node.text, name, rest)) {
    value.text = rest;
    value.span = span_of_part(file_, index, rest);
  }
  return value;
}

bool Evaluator::key_fits(const PathStep& step, std::string_view key) const {
  if (step.kind == PathStep::Kind::any_key) return true;
  const std::string lower = step.ignore_case ? lower_case(key) : std::string();
  const std::string_view compared = step.ignore_case ? std::string_view(lower) : key;
  return std::any_of(step.names.begin(), step.names.end(), [&](const std::string& name) {
    const std::string_view wanted = name;
    if (step.is_glob) return glob_matches(step.ignore_case ? lower_case(wanted) : wanted, compared);
    return step.ignore_case ? lower_case(wanted) == compared : wanted == compared;
  });
}

// Own entries come before merged ones; of entries of one key the last counts.
void Evaluator::add_entries(const PathStep& step, uint32_t map, FoundNodes& out, int depth) {
  const size_t before = out.nodes.size();
  bool has_merge = false;
  for (uint32_t child = file_.nodes[map].first; child != kNoDocumentNode; child = file_.nodes[child].next) {
    ++visits_;
    if (is_exhausted()) return;
    const DocumentNode& entry = file_.nodes[child];
    if ((entry.flags & kMergeKey) != 0) has_merge = true;
    else if (key_fits(step, entry.key)) add(child, out);
  }
  const bool one_name = step.kind == PathStep::Kind::key && !step.is_glob && step.names.size() == 1;
  if (one_name && out.nodes.size() > before + 1) out.nodes.erase(out.nodes.begin() + static_cast<ptrdiff_t>(before), out.nodes.end() - 1);
  // A key that is there is not there once more.
  if (hides_content(file_, file_.nodes[map]) && !(one_name && out.nodes.size() > before)) out.hidden = true;
  if (!has_merge || depth == kMergeDepth || (one_name && out.nodes.size() > before)) return;
  for (uint32_t child = file_.nodes[map].first; child != kNoDocumentNode; child = file_.nodes[child].next) {
    if ((file_.nodes[child].flags & kMergeKey) == 0) continue;
    const uint32_t merged = resolve_alias(child);
    if (merged == kNoDocumentNode) continue;
    if (file_.nodes[merged].type == NodeType::map) add_entries(step, merged, out, depth + 1);
    if (file_.nodes[merged].type != NodeType::sequence) continue;
    for (uint32_t item = file_.nodes[merged].first; item != kNoDocumentNode; item = file_.nodes[item].next)
      if (const uint32_t one = resolve_alias(item); one != kNoDocumentNode && file_.nodes[one].type == NodeType::map)
        add_entries(step, one, out, depth + 1);
  }
}

void Evaluator::add_items(const PathStep& step, const NodeValue& from, FoundNodes& out) {
  if (from.type != NodeType::sequence) {
    if (from.type == NodeType::expression) out.hidden = true;
    // "initContainers:" with nothing behind it is a list without items.
    if (from.type == NodeType::null && from.node != kNoDocumentNode) {
      if (hides_content(file_, file_.nodes[from.node])) out.hidden = true;
      return;
    }
    if (step.kind == PathStep::Kind::any_item || step.index == 0 || step.index == -1) out.nodes.push_back(from);
    return;
  }
  if (hides_content(file_, file_.nodes[from.node])) out.hidden = true;
  if (step.kind == PathStep::Kind::any_item) {
    for (uint32_t item = file_.nodes[from.node].first; item != kNoDocumentNode; item = file_.nodes[item].next) add(item, out);
    return;
  }
  std::vector<uint32_t> items;
  for (uint32_t item = file_.nodes[from.node].first; item != kNoDocumentNode; item = file_.nodes[item].next) items.push_back(item);
  visits_ += items.size();
  const auto count = static_cast<int64_t>(items.size());
  const int64_t index = step.index < 0 ? count + step.index : step.index;
  if (index >= 0 && index < count) add(items[static_cast<size_t>(index)], out);
}

// Not through aliases: what they stand for is looked at where it is written. Without recursion: depth is the document's.
void Evaluator::add_all_below(uint32_t node, FoundNodes& out) {
  std::vector<uint32_t> stack{node};
  while (!stack.empty()) {
    const uint32_t one = stack.back();
    stack.pop_back();
    if (file_.nodes[one].type == NodeType::alias) continue;
    add(one, out);
    if (is_exhausted()) return;
    if (hides_content(file_, file_.nodes[one])) out.hidden = true;
    const size_t first = stack.size();
    for (uint32_t child = file_.nodes[one].first; child != kNoDocumentNode; child = file_.nodes[child].next) stack.push_back(child);
    std::reverse(stack.begin() + static_cast<ptrdiff_t>(first), stack.end());
  }
}

bool Evaluator::passes_where(const PathStep& step, const NodeValue& value) {
  FoundNodes found{{value}, false};
  for (const PathStep& inner : step.where) {
    FoundNodes next;
    apply(inner, found.nodes, next);
    found = std::move(next);
  }
  switch (step.compare) {
    case PathStep::Compare::exists: return !found.nodes.empty();
    case PathStep::Compare::absent: return found.nodes.empty();
    case PathStep::Compare::equals:
      return std::any_of(found.nodes.begin(), found.nodes.end(), [&](const NodeValue& one) { return one.text == step.operand; });
    case PathStep::Compare::differs:
      return std::none_of(found.nodes.begin(), found.nodes.end(), [&](const NodeValue& one) { return one.text == step.operand; });
    case PathStep::Compare::matches: {
      const PatternMatcher* pattern = context_.patterns.find(step.operand);
      if (pattern == nullptr) return false;
      return std::any_of(found.nodes.begin(), found.nodes.end(), [&](const NodeValue& one) { return pattern->search(one.text); });
    }
  }
  return false;
}

NodeValue Evaluator::name_of_value(uint32_t index) const {
  const DocumentNode& node = file_.nodes[index];
  const std::string lower = lower_case(node.key);
  if ((lower == "value" || lower == "default" || lower == "content" || lower == "defaultvalue") && node.parent != kNoDocumentNode)
    for (const std::string_view key : {"name", "key", "Name", "Key", "NAME", "ParameterKey", "id"})
      if (const uint32_t named = file_.child(node.parent, key); named != kNoDocumentNode && file_.nodes[named].type == NodeType::text)
        return {index, NodeType::text, file_.nodes[named].text, file_.nodes[named].span, &file_};
  // password: {value: x}, variable "password" {default = x}
  if ((lower == "value" || lower == "default") && node.parent != kNoDocumentNode && !file_.nodes[node.parent].key.empty())
    return {index, NodeType::text, file_.nodes[node.parent].key, file_.nodes[node.parent].key_span, &file_};
  if (std::string_view variable, value; is_variable(file_, index) && split_assignment(node.text, variable, value))
    return {index, NodeType::text, variable, span_of_part(file_, index, variable), &file_};
  // An item of a list has the list's name, the text beside an element's attributes the element's.
  uint32_t keyed = index;
  while (file_.nodes[keyed].key.empty() || file_.nodes[keyed].key == "#text") {
    const uint32_t parent = file_.nodes[keyed].parent;
    if (parent == kNoDocumentNode || (file_.nodes[parent].type != NodeType::sequence && file_.nodes[keyed].key.empty())) break;
    keyed = parent;
  }
  return {index, NodeType::text, file_.nodes[keyed].key, file_.nodes[keyed].key_span, &file_};
}

void Evaluator::apply(const PathStep& step, const std::vector<NodeValue>& from, FoundNodes& out) {
  for (const NodeValue& value : from) {
    if (is_exhausted()) return;
    const DocumentNode& node = file_.nodes[value.node];
    switch (step.kind) {
      case PathStep::Kind::key:
      case PathStep::Kind::any_key:
        if (node.type == NodeType::map) add_entries(step, value.node, out, 0);
        else if ((node.flags & kEmbedded) != 0 && file_.nodes[node.first].type == NodeType::map) add_entries(step, node.first, out, 0);
        else if (node.type == NodeType::sequence && (node.flags & kRepeated) != 0) {
          for (uint32_t item = node.first; item != kNoDocumentNode; item = file_.nodes[item].next)
            if (file_.nodes[item].type == NodeType::map) add_entries(step, item, out, 0);
        } else if (hides_content(file_, node)) out.hidden = true;
        break;
      case PathStep::Kind::index:
      case PathStep::Kind::any_item: add_items(step, value, out); break;
      case PathStep::Kind::any_depth: add_all_below(value.node, out); break;
      case PathStep::Kind::where:
        if (passes_where(step, value)) out.nodes.push_back(value);
        break;
      case PathStep::Kind::parent:
        if (node.parent != kNoDocumentNode) add(node.parent, out);
        break;
      case PathStep::Kind::root: add(root_, out); break;
      case PathStep::Kind::top: add(top_, out); break;
      case PathStep::Kind::key_text: out.nodes.push_back({value.node, NodeType::text, node.key, node.key_span, &file_}); break;
      case PathStep::Kind::name_text: out.nodes.push_back(name_of_value(value.node)); break;
      case PathStep::Kind::old: break;  // find() begins in the older version
      case PathStep::Kind::resolver: resolve_nodes(step.names.front(), *this, value.node, out); break;
    }
  }
}

bool Evaluator::is_single(const DocumentPath& path) {
  return std::all_of(path.steps.begin(), path.steps.end(), [](const PathStep& step) {
    return step.kind == PathStep::Kind::parent || step.kind == PathStep::Kind::root || step.kind == PathStep::Kind::key_text ||
           step.kind == PathStep::Kind::name_text;
  });
}

std::optional<NodeValue> Evaluator::find_single(const DocumentPath& path, uint32_t from) {
  NodeValue value = value_of(from);
  for (const PathStep& step : path.steps) {
    const DocumentNode& node = file_.nodes[value.node];
    if (step.kind == PathStep::Kind::key_text) {
      value = {value.node, NodeType::text, node.key, node.key_span, &file_};
    } else if (step.kind == PathStep::Kind::name_text) {
      value = name_of_value(value.node);
    } else {
      ++visits_;
      const uint32_t next = resolve_alias(step.kind == PathStep::Kind::root ? root_ : node.parent);
      if (next == kNoDocumentNode || is_exhausted()) return std::nullopt;
      value = value_of(next);
    }
  }
  return value;
}

FoundNodes Evaluator::find(const DocumentPath& path, uint32_t from) {
  if (!path.steps.empty() && path.steps.front().kind == PathStep::Kind::old) {
    if (context_.old == nullptr || context_.old->documents.empty() || context_.old->documents.front().root == kNoDocumentNode) return {{}, true};
    DocumentPath rest{{path.steps.begin() + 1, path.steps.end()}, path.text};
    const uint32_t root = context_.old->documents.front().root;
    return Evaluator(context_, *context_.old, root, root, kinds_).find(rest, root);
  }
  FoundNodes found{{value_of(from)}, false};
  for (const PathStep& step : path.steps) {
    FoundNodes next{{}, found.hidden};
    apply(step, found.nodes, next);
    found = std::move(next);
  }
  // `**` twice, or a parent of several, gives nodes again; `**` alone does not.
  if (found.nodes.size() < 2 || (path.steps.size() == 1 && path.steps.front().kind == PathStep::Kind::any_depth)) return found;
  std::unordered_set<uint64_t> seen;
  std::erase_if(found.nodes, [&](const NodeValue& one) { return one.file == &file_ && !seen.insert(uint64_t{one.node} << 32 | one.span.begin).second; });
  return found;
}

namespace {

bool is_plain_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return is_word(c) || c == '-' || c == '$' || c == '/' || c == '@' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
  });
}

uint32_t item_number(const ParsedFile& file, uint32_t item, ItemNumbers& known) {
  if (const auto found = known.find(item); found != known.end()) return found->second;
  uint32_t number = 0;
  for (uint32_t one = file.nodes[file.nodes[item].parent].first; one != kNoDocumentNode; one = file.nodes[one].next) known.emplace(one, number++);
  return known.at(item);
}

std::string item_name(const ParsedFile& file, uint32_t item, bool ordinal_free, ItemNumbers& known) {
  // Resources of a plan have one name a type only.
  if (const uint32_t address = file.child(item, "address"); address != kNoDocumentNode && file.child(item, "mode") != kNoDocumentNode)
    return "[address=" + std::string(file.nodes[address].text.substr(0, 256)) + "]";
  for (const std::string_view key : {"name", "key", "id", "Name", "Key", "path"})
    if (const uint32_t named = file.child(item, key);
        named != kNoDocumentNode && file.nodes[named].type == NodeType::text && file.nodes[named].text.size() <= 128)
      return "[" + std::string(key) + "=" + std::string(file.nodes[named].text) + "]";
  if (ordinal_free) return "[]";
  return "[" + std::to_string(item_number(file, item, known)) + "]";
}

}  // namespace

std::string logical_path(const ParsedFile& file, uint32_t node, bool ordinal_free) {
  ItemNumbers known;
  return logical_path(file, node, ordinal_free, known);
}

std::string logical_path(const ParsedFile& file, uint32_t node, bool ordinal_free, ItemNumbers& known) {
  std::vector<std::string> parts;
  for (uint32_t one = node; one != kNoDocumentNode && file.nodes[one].parent != kNoDocumentNode; one = file.nodes[one].parent) {
    const DocumentNode& parent = file.nodes[file.nodes[one].parent];
    if (parent.type == NodeType::sequence) parts.push_back(item_name(file, one, ordinal_free, known));
    else if (parent.type == NodeType::map) {
      const std::string_view key = file.nodes[one].key;
      parts.push_back(is_plain_key(key) ? std::string(key) : "\"" + std::string(key) + "\"");
    }  // else: the root of an embedded document is its text's place
  }
  std::string path;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!path.empty() && part->front() != '[') path += '.';
    path += *part;
  }
  return path;
}

}  // namespace sealwarden
