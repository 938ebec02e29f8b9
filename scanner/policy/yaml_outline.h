// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/doc/document.h"

namespace sealwarden {

// What stands under what in a YAML text, told from its lines alone and without reading its values: a fraction of what parsing costs.
// In text order, so that what is under a node follows it. Offsets are bytes of the text.
struct YamlOutline {
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Node {
    enum class Kind : uint8_t {
      document,  // the first, or one behind `---`
      item,      // `- ...`
      entry,     // `key: ...`; behind the dash of an item on the same line it is a node of its own
      other,     // anything else: a key that is more than a word, a text on lines of its own
    };
    uint32_t begin = 0;            // of its first line
    uint32_t header_end = 0;       // behind its first line, with the line break
    uint32_t own_end = 0;          // behind the lines that its text goes on over; what is under it begins there at the earliest
    uint32_t parent = kNone;       // kNone: a document
    uint32_t column = 0;           // of its dash or key
    uint32_t key_begin = 0, key_end = 0;
    Kind kind = Kind::entry;
    bool has_children = false;
    bool is_conditional = false;   // template actions before it decide whether it is there
  };
  std::vector<Node> nodes;
  std::vector<uint32_t> bound;     // nodes, ascending: a template action writes lines before or behind them, or under them
  std::vector<Span> actions;       // of a template: those that are masked by blanks, which decide about the nodes around them

  [[nodiscard]] Bytes key(Bytes text, uint32_t node) const {
    return text.substr(nodes[node].key_begin, nodes[node].key_end - nodes[node].key_begin);
  }
};

// nullopt: the text has something that lines alone do not tell (anchors, tags, tabs, `? key`, a list in a list on one line, ...), or it
// is no YAML of maps and lists. `is_template`: actions are masked before it is parsed. Linear.
std::optional<YamlOutline> outline_yaml(Bytes text, bool is_template);

}  // namespace sealwarden
