// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "scanner/doc/builder.h"
#include "scanner/doc/utf8_text.h"
#include "scanner/doc/line_reader.h"
#include "scanner/doc/parse.h"

// Java properties, as java.util.Properties reads them, in UTF-8 or, if they are no UTF-8, in ISO 8859-1.
//
//   line    = blanks ( [ "#" | "!" ] any | key [ blanks ( "=" | ":" ) ] blanks value )
//   key     = up to a blank, "=" or ":" that is not escaped
//   escapes = \t \n \r \f \uXXXX, \ before a line's end (the next line's blanks are left out), \c is c
//
// "a.b[0].c" is nested maps and sequences. A node is a value or a map or a sequence, never two of them: where "a" has a value of
// its own, above or below, "a.b" is a flat key in the deepest map that can hold it; of a map and a sequence the first one is.
namespace sealwarden {
namespace {

constexpr size_t kDeepestKey = 64;  // parts of a key that become maps; the rest stays flat

struct Property {
  Span key_span, value_span;
  std::string_view key, value;
  bool is_plain;  // the key's bytes are the file's
};

// One step of a key: ".name" or "[index]".
struct Step {
  std::string_view name;
  uint32_t begin = 0;  // where it begins in the key, its '.' or '[' left out
  bool is_index = false;
};

bool is_index_text(std::string_view text) {
  return !text.empty() && text.size() <= 6 && std::all_of(text.begin(), text.end(), is_digit);
}

// The steps of a key; one step if it is not made of names and indexes.
void split_key(std::string_view key, std::vector<Step>& steps) {
  steps.clear();
  size_t at = 0;
  const auto whole = [&] { steps.assign(1, {key, 0, false}); };
  while (at < key.size()) {
    if (steps.size() + 1 == kDeepestKey) {
      steps.push_back({key.substr(at), static_cast<uint32_t>(at), false});
      return;
    }
    const size_t from = at;
    while (at < key.size() && key[at] != '.' && key[at] != '[') ++at;
    if (at > from) steps.push_back({key.substr(from, at - from), static_cast<uint32_t>(from), false});
    else if (steps.empty() || key[at] != '[') return whole();
    while (at < key.size() && key[at] == '[') {
      const size_t close = key.find(']', at);
      if (close == std::string_view::npos || close == at + 1 || steps.size() + 2 >= kDeepestKey) return whole();
      const std::string_view inside = key.substr(at + 1, close - at - 1);
      steps.push_back({inside, static_cast<uint32_t>(at + 1), is_index_text(inside)});
      at = close + 1;
    }
    if (at == key.size()) return;
    if (key[at] != '.' || at + 1 == key.size()) return whole();
    ++at;
  }
  if (steps.empty()) whole();
}

// Reads the file into keys and values.
class PropertyReader {
 public:
  PropertyReader(Bytes bytes, DocumentBuilder& builder) : bytes_(bytes), is_latin_(first_invalid_utf8(bytes) != bytes.size()), builder_(builder) {}
  std::vector<Property> read();

 private:
  std::string_view piece(Span raw);
  void escape(std::string& out, uint32_t& at, uint32_t end) const;
  [[nodiscard]] uint32_t logical_end(uint32_t at) const;
  void entry(uint32_t at, uint32_t end);
  [[nodiscard]] bool is_gap(char c) const { return is_blank(c) || c == '\f'; }

  Bytes bytes_;
  bool is_latin_;
  DocumentBuilder& builder_;
  std::vector<Property> found_;
};

// The end of the line with the lines that it goes on in.
uint32_t PropertyReader::logical_end(uint32_t at) const {
  while (at < bytes_.size() && bytes_[at] != '\n' && bytes_[at] != '\r') {
    if (bytes_[at] == '\\' && at + 1 < bytes_.size()) {
      ++at;
      if (bytes_.substr(at, 2) == "\r\n") ++at;
    }
    ++at;
  }
  return std::min(at, static_cast<uint32_t>(bytes_.size()));
}

void PropertyReader::escape(std::string& out, uint32_t& at, uint32_t end) const {
  const char c = ++at < end ? bytes_[at] : '\0';
  if (at >= end) return;
  ++at;
  if (c == '\n' || c == '\r') {
    if (c == '\r' && at < end && bytes_[at] == '\n') ++at;
    while (at < end && is_gap(bytes_[at])) ++at;
    return;
  }
  if (c != 'u') {
    out += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
    return;
  }
  const auto unit = [&](uint32_t from, uint32_t& value) {
    value = 0;
    for (uint32_t i = 0; i < 4; ++i) {
      if (from + i >= end || !is_hex_digit(bytes_[from + i])) return false;
      const char digit = to_lower(bytes_[from + i]);
      value = value << 4 | static_cast<uint32_t>(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
    }
    return true;
  };
  uint32_t value = 0, low = 0;
  if (!unit(at, value)) {
    out += 'u';
    return;
  }
  at += 4;
  if (value >= 0xD800 && value < 0xDC00 && bytes_.substr(at).starts_with("\\u") && unit(at + 2, low) && low >= 0xDC00 && low < 0xE000) {
    value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    at += 6;
  }
  append_code_point(out, value);
}

// Decoded, if there is anything to decode.
std::string_view PropertyReader::piece(Span raw) {
  const std::string_view text = text_of(bytes_, raw);
  const bool has_high = is_latin_ && std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (!has_high && text.find('\\') == std::string_view::npos) return text;
  std::string out;
  for (uint32_t at = raw.begin; at < raw.end;) {
    if (bytes_[at] == '\\') {
      escape(out, at, raw.end);
    } else {
      const auto byte = static_cast<unsigned char>(bytes_[at++]);
      if (is_latin_) append_code_point(out, byte);
      else out += static_cast<char>(byte);
    }
  }
  return builder_.keep(std::move(out));
}

void PropertyReader::entry(uint32_t at, uint32_t end) {
  Span key{at, at};
  for (; key.end < end && !is_gap(bytes_[key.end]) && bytes_[key.end] != '=' && bytes_[key.end] != ':'; ++key.end)
    if (bytes_[key.end] == '\\' && key.end + 1 < end) key.end += bytes_.substr(key.end + 1, 2) == "\r\n" ? 2 : 1;
  key.end = std::min(key.end, end);
  Span value{key.end, end};
  // Blanks, and lines that a backslash joins.
  const auto skip_gap = [&] {
    while (value.begin < end) {
      const char c = bytes_[value.begin];
      const bool joins = c == '\\' && value.begin + 1 < end && (bytes_[value.begin + 1] == '\n' || bytes_[value.begin + 1] == '\r');
      if (!joins && !is_gap(c) && c != '\n' && c != '\r') break;
      ++value.begin;
    }
  };
  skip_gap();
  if (value.begin < end && (bytes_[value.begin] == '=' || bytes_[value.begin] == ':')) {
    ++value.begin;
    skip_gap();
  }
  const std::string_view name = piece(key);
  found_.push_back({key, value, name, piece(value), name.data() == bytes_.data() + key.begin});
}

std::vector<Property> PropertyReader::read() {
  for (uint32_t at = utf8_mark_size(bytes_); at < bytes_.size() && !builder_.is_full();) {
    const char c = bytes_[at];
    if (is_gap(c) || c == '\n' || c == '\r') {
      ++at;
    } else if (c == '#' || c == '!') {
      const TextLine line = line_at(bytes_, at);
      builder_.comment({at, line.end});
      at = line.next;
    } else {
      const uint32_t end = logical_end(at);
      entry(at, end);
      at = end;
    }
  }
  return std::move(found_);
}

// Keys as a tree. Nodes are made in the file's order, so that what is emitted has it too.
class PropertyTree {
 public:
  explicit PropertyTree(const std::vector<Property>& properties);
  void emit(DocumentBuilder& builder) const { children(builder, 0); }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Node {
    std::string_view key;
    Span key_span, span;
    uint32_t property = kNone;  // of a value
    uint32_t index = 0;         // of an item
    uint32_t first = kNone, last = kNone, next = kNone;
    bool is_sequence = false;
  };
  struct Place {
    uint32_t parent;
    std::string_view key;
    bool operator==(const Place&) const = default;
  };
  struct HashPlace {
    size_t operator()(const Place& place) const { return std::hash<std::string_view>()(place.key) * 31 + place.parent; }
  };
  // What a prefix of keys is; the first key that goes on behind it decides between map and sequence.
  struct Branch {
    bool is_value = false, is_map = false, is_sequence = false;
    uint32_t node = kNone;
  };
  void survey(const std::vector<Step>& steps);
  size_t steps_to_holder(const std::vector<Step>& steps);
  void insert(const std::vector<Step>& steps, uint32_t property, const Property& read);
  uint32_t add(uint32_t parent, const Node& node);
  uint32_t branch_of(uint32_t parent, const Step& step);
  void children(DocumentBuilder& builder, uint32_t node) const;

  const std::vector<Property>& properties_;
  std::vector<Branch> branches_{1};
  std::unordered_map<Place, uint32_t, HashPlace> branch_at_;
  std::vector<Node> nodes_{1};
};

uint32_t PropertyTree::branch_of(uint32_t parent, const Step& step) {
  const auto [place, is_new] = branch_at_.try_emplace({parent, step.name}, static_cast<uint32_t>(branches_.size()));
  if (is_new) branches_.emplace_back();
  return place->second;
}

void PropertyTree::survey(const std::vector<Step>& steps) {
  uint32_t branch = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    Branch& above = branches_[branch];
    if (!above.is_map && !above.is_sequence) (steps[i].is_index ? above.is_sequence : above.is_map) = true;
    branch = branch_of(branch, steps[i]);
  }
  branches_[branch].is_value = true;
}

uint32_t PropertyTree::add(uint32_t parent, const Node& node) {
  const auto index = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back(node);
  Node& above = nodes_[parent];
  (above.first == kNone ? above.first : nodes_[above.last].next) = index;
  above.last = index;
  return index;
}

// How many steps lead to what holds the property: the deepest map, or the sequence that it is an item of.
size_t PropertyTree::steps_to_holder(const std::vector<Step>& steps) {
  size_t deepest = 0;
  uint32_t branch = 0;
  for (size_t i = 0; i + 1 < steps.size(); ++i) {
    branch = branch_of(branch, steps[i]);
    if (branches_[branch].is_value || branches_[branch].is_sequence != steps[i + 1].is_index) break;
    if (!branches_[branch].is_sequence || i + 2 == steps.size()) deepest = i + 1;
  }
  return deepest;
}

void PropertyTree::insert(const std::vector<Step>& steps, uint32_t property, const Property& read) {
  uint32_t branch = 0, node = 0;
  const auto span_of = [&](const Step& step, size_t size) {
    if (!read.is_plain) return read.key_span;
    const uint32_t begin = read.key_span.begin + step.begin;
    return Span{begin, begin + static_cast<uint32_t>(size)};
  };
  const auto index_of = [&](const Step& step) {
    return nodes_[node].is_sequence ? static_cast<uint32_t>(std::stoul(std::string(step.name))) : 0;
  };
  const size_t holder = steps_to_holder(steps);
  for (size_t i = 0; i < holder; ++i) {
    const Step& step = steps[i];
    branch = branch_of(branch, step);
    if (branches_[branch].node == kNone)
      branches_[branch].node = add(node, {.key = step.name, .key_span = span_of(step, step.name.size()),
                                          .span = {read.key_span.begin, read.value_span.end}, .index = index_of(step),
                                          .is_sequence = branches_[branch].is_sequence});
    node = branches_[branch].node;
    nodes_[node].span.end = std::max(nodes_[node].span.end, read.value_span.end);
  }
  const Step& step = steps[holder];
  const std::string_view rest = holder + 1 == steps.size() ? step.name : read.key.substr(step.begin);
  add(node, {.key = rest, .key_span = span_of(step, rest.size()), .span = read.value_span, .property = property, .index = index_of(step)});
}

void PropertyTree::children(DocumentBuilder& builder, uint32_t node) const {
  std::vector<uint32_t> order;
  for (uint32_t child = nodes_[node].first; child != kNone; child = nodes_[child].next) order.push_back(child);
  if (nodes_[node].is_sequence)
    std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) { return nodes_[a].index < nodes_[b].index; });
  for (const uint32_t index : order) {
    const Node& child = nodes_[index];
    const NodeKey key = nodes_[node].is_sequence ? NodeKey{} : NodeKey{child.key, child.key_span};
    if (child.property != kNone) {
      if (!builder.scalar(key, NodeType::text, properties_[child.property].value, child.span)) return;
      continue;
    }
    if (!(child.is_sequence ? builder.begin_sequence(key, child.span) : builder.begin_map(key, child.span))) return;
    children(builder, index);
    builder.end(child.span.end);
  }
}

PropertyTree::PropertyTree(const std::vector<Property>& properties) : properties_(properties) {
  std::vector<Step> steps;
  branches_[0].is_map = true;
  for (const Property& property : properties) {
    split_key(property.key, steps);
    survey(steps);
  }
  for (uint32_t i = 0; i < properties.size(); ++i) {
    split_key(properties[i].key, steps);
    insert(steps, i, properties[i]);
  }
}

}  // namespace

void parse_properties(ParsedFile& into, const DocumentLimits& limits) {
  DocumentBuilder builder(into, limits);
  const auto size = static_cast<uint32_t>(into.bytes.size());
  const uint32_t begin = utf8_mark_size(into.bytes);
  builder.begin_document(begin);
  const std::vector<Property> properties = PropertyReader(into.bytes, builder).read();
  builder.begin_map({}, {begin, begin});
  PropertyTree(properties).emit(builder);
  builder.finish_document(size, DocumentState::parsed);
}

}  // namespace sealwarden
