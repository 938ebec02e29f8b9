// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden {

// The key of an entry: empty for items of sequences and roots.
struct NodeKey {
  std::string_view text;
  Span span;
  uint16_t flags = 0;  // kMergeKey
};

// What is told of a node beyond its type.
struct NodeExtra {
  uint16_t flags = 0;
  std::string_view tag;
  std::string_view anchor;  // YAML: its name, for alias()
};

// Makes the tree of a file out of what a parser tells it, and holds to the limits: depth, nodes, bytes of text. Every parser
// uses it, none makes nodes itself. A call that returns false was refused by a limit (told as a problem): the parser stops
// there, calls finish_document(), and what was built stays as a `partial` document.
//
//   builder.begin_document(0);
//   builder.begin_map({}, {0, 1});                         // root
//   builder.scalar({"name", {1, 5}}, NodeType::text, "api", {7, 10});
//   builder.end(11);                                       // the map ends before byte 11
//   builder.finish_document(11, DocumentState::parsed);
class DocumentBuilder {
 public:
  // Whether maps are opened again (enter_map and the repeated ones): only then entries are looked up.
  enum class Order : uint8_t { nested, by_path };
  // `into` must outlive the builder. Strings that are given as views must point into into.bytes or come from keep().
  DocumentBuilder(ParsedFile& into, const DocumentLimits& limits, Order order = Order::nested);

  void begin_document(uint32_t begin);
  // Closes what is open. `state` is taken if the document had no problem that makes it worse (partial, failed).
  void finish_document(uint32_t end, DocumentState state);

  bool begin_map(const NodeKey& key, Span start, const NodeExtra& extra = {});
  bool begin_sequence(const NodeKey& key, Span start, const NodeExtra& extra = {});
  // Ends the map or sequence that is open, before byte `end`. Marks duplicate keys of a map.
  void end(uint32_t end);
  bool scalar(const NodeKey& key, NodeType type, std::string_view text, Span span, const NodeExtra& extra = {});
  // An alias of the last node of this document that had the anchor; unknown: a problem, and the entry is an expression.
  bool alias(const NodeKey& key, std::string_view anchor, Span span);
  // Flags for the map or sequence that is open: kMasked, kRepeated.
  void flag_open(uint16_t flags);

  // Formats that name their nodes by paths ("a.b.c = 1", [a.b]): opens the entry `key` of the open map again if it is a map
  // there already, else begins it. Close it with end(), whose `end` only ever widens the span.
  bool enter_map(const NodeKey& key, Span start);
  // For repeated blocks and elements: the entry `key` becomes a kRepeated sequence at its second occurrence, and the new map is
  // its next item. Close the map with end().
  bool enter_repeated_map(const NodeKey& key, Span start, const NodeExtra& extra = {});
  // The same for a scalar.
  bool repeated_scalar(const NodeKey& key, NodeType type, std::string_view text, Span span, const NodeExtra& extra = {});

  void problem(DocumentProblem::Kind kind, Span at, std::string what);
  void comment(Span span);
  // Stores a decoded string for the life of the file; an empty view once the budget of text is used up.
  std::string_view keep(std::string text);
  [[nodiscard]] bool is_full() const { return full_; }
  [[nodiscard]] size_t depth() const { return open_.size(); }

 private:
  struct Open {
    uint32_t node;
    uint32_t last_child;
  };
  struct Entry {
    uint32_t map;
    std::string_view key;
    bool operator==(const Entry&) const = default;
  };
  struct HashEntry {
    size_t operator()(const Entry& entry) const { return std::hash<std::string_view>()(entry.key) * 31 + entry.map; }
  };
  uint32_t add(const NodeKey& key, NodeType type, std::string_view text, Span span, const NodeExtra& extra);
  bool open(const NodeKey& key, NodeType type, Span start, const NodeExtra& extra);
  bool reopen(uint32_t node);
  // The open map's entry `key` as a repeated sequence, opened; false: refused.
  bool open_repeated(uint32_t existing, Span start);
  [[nodiscard]] uint32_t find_entry(std::string_view key) const;
  void mark_duplicates(uint32_t map);
  bool refuse(Span at, std::string what);

  ParsedFile& file_;
  DocumentLimits limits_;
  Order order_;
  std::vector<Open> open_;
  uint64_t text_used_ = 0;
  size_t problems_before_ = 0;  // of this document
  bool full_ = false;
  std::unordered_map<std::string_view, uint32_t> anchors_;
  std::unordered_map<Entry, uint32_t, HashEntry> entries_;      // by_path: the last of its key
  std::unordered_map<uint32_t, uint32_t> last_children_;       // by_path: of closed maps
  std::vector<std::pair<std::string_view, uint32_t>> keys_;     // scratch of mark_duplicates()
};

}  // namespace sealwarden
