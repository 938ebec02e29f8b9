// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/lexicon.h"
#include "rules/pattern_table.h"
#include "rules/policy.h"
#include "rules/rule_set.h"
#include "scanner/doc/document.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/policy/nginx.h"
#include "scanner/policy/tree_view.h"
#include "scanner/policy/truth.h"

namespace sealwarden {

// What is at hand besides the document itself. All borrowed.
struct PolicyContext {
  const RuleSet& rules;
  const PatternTable& patterns;
  const Lexicon& lexicon;
  std::string path;                    // of the file; may be empty
  std::vector<std::string> classes;    // of the path
  std::span<const Hit> hits;           // what the secret rules found in the file's bytes
  const TreeView* tree = nullptr;      // null: other files are not known
  const TreeView* head = nullptr;      // of old versions: HEAD's tree; null: not known, or the file is of it
  const ParsedFile* old = nullptr;     // pair rules: the older version
  bool is_old = false;                 // the file is an old version
};

// A node, or its key or name as a text.
struct NodeValue {
  uint32_t node = kNoDocumentNode;
  NodeType type = NodeType::null;
  std::string_view text;
  Span span;
  const ParsedFile* file = nullptr;
};

// What a path gives, in the order of the document, each once.
struct FoundNodes {
  std::vector<NodeValue> nodes;
  bool hidden = false;  // there may be more: a template or an expression makes up what lies there
};

// The numbers of items of lists, from 0, by node.
using ItemNumbers = std::unordered_map<uint32_t, uint32_t>;

// Finds nodes and judges conditions on one document of a file. Pure but for what it remembers of names. One thread at a time.
class Evaluator {
 public:
  // `root`: of the document (of an embedded one: its own), `top`: of the file's document around it. `kinds`: of the document.
  Evaluator(const PolicyContext& context, const ParsedFile& file, uint32_t root, uint32_t top, std::span<const std::string> kinds);

  [[nodiscard]] FoundNodes find(const DocumentPath& path, uint32_t from);
  [[nodiscard]] Truth holds(const Condition& condition, uint32_t node);
  [[nodiscard]] Truth all_hold(std::span<const Condition> conditions, uint32_t node);
  // The text that a template's "{path}" stands for; "?" if there is none, and for secrets.
  [[nodiscard]] std::string fill(std::string_view format, uint32_t node, bool hide_values);
  // The name of a value: its key, or that of the map's `name` beside a `value`.
  [[nodiscard]] NodeValue name_of_value(uint32_t node) const;
  // The node; of an item "NAME=value" of a list of variables the value alone, with its span.
  [[nodiscard]] NodeValue value_of(uint32_t node) const;

  [[nodiscard]] const PolicyContext& context() const { return context_; }
  [[nodiscard]] const ParsedFile& file() const { return file_; }
  [[nodiscard]] uint32_t root() const { return root_; }
  [[nodiscard]] uint32_t top() const { return top_; }
  // Whether a path used up its visits: what it gave is then not all.
  [[nodiscard]] bool is_exhausted() const { return visits_ > visit_limit_; }

  // What resolvers found out about nodes of this document and are asked again, by node and what it is about.
  struct Memo {
    std::unordered_map<uint64_t, uint32_t> numbers;
    std::unordered_map<uint64_t, std::vector<std::string_view>> names;
    ItemNumbers items;
    std::optional<TlsServers> tls;
  };
  [[nodiscard]] Memo& memo() const { return memo_; }

 private:
  friend class StepWalk;
  mutable Memo memo_;
  [[nodiscard]] uint32_t resolve_alias(uint32_t node) const;
  void apply(const PathStep& step, const std::vector<NodeValue>& from, FoundNodes& out);
  void add_entries(const PathStep& step, uint32_t map, FoundNodes& out, int depth);
  void add_items(const PathStep& step, const NodeValue& from, FoundNodes& out);
  void add_all_below(uint32_t node, FoundNodes& out);
  void add(uint32_t node, FoundNodes& out);
  [[nodiscard]] bool key_fits(const PathStep& step, std::string_view key) const;
  [[nodiscard]] bool passes_where(const PathStep& step, const NodeValue& value);

  [[nodiscard]] Truth test_holds(const Condition& condition, uint32_t node);
  [[nodiscard]] Truth test_nodes(const Condition& condition, uint32_t node, std::span<const NodeValue> nodes, bool hidden);
  // Of a path that gives one node at most: find() without collecting.
  [[nodiscard]] static bool is_single(const DocumentPath& path);
  [[nodiscard]] std::optional<NodeValue> find_single(const DocumentPath& path, uint32_t from);
  [[nodiscard]] Truth quantified(const Condition& condition, uint32_t node);
  [[nodiscard]] Truth passes(const NodeTest& test, const NodeValue& value, uint32_t from, bool reads_expressions);
  [[nodiscard]] Truth passes_text(const NodeTest& test, const NodeValue& value);
  [[nodiscard]] Truth passes_lexicon(const std::string& name, const NodeValue& value);
  [[nodiscard]] Truth passes_nested(const NodeTest& test, const NodeValue& value);
  [[nodiscard]] Truth is_secret(const NodeValue& value);
  [[nodiscard]] bool hit_in(const std::vector<std::string>& rules, Span span) const;
  [[nodiscard]] bool has_secret_name(std::string_view name);

  const PolicyContext& context_;
  const ParsedFile& file_;
  uint32_t root_, top_;
  std::span<const std::string> kinds_;
  uint64_t visits_ = 0, visit_limit_;
  std::unordered_map<std::string_view, bool> secret_names_;
  std::unordered_map<const Condition*, bool> files_;  // what conditions on the file's path say: of all nodes the same
};

// "spec.containers[name=api].env[0]": keys that are no plain words in quotes, items by what names them (name, key, id), else by
// their index. `ordinal_free`: without indexes, so that reordering changes nothing.
std::string logical_path(const ParsedFile& file, uint32_t node, bool ordinal_free = false);
// The same, asked often of one file: numbers of items are counted once a list.
std::string logical_path(const ParsedFile& file, uint32_t node, bool ordinal_free, ItemNumbers& known);

}  // namespace sealwarden
