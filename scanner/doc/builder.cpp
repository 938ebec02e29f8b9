// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/builder.h"

#include <algorithm>
#include <utility>

namespace sealwarden {

DocumentBuilder::DocumentBuilder(ParsedFile& into, const DocumentLimits& limits, Order order)
    : file_(into), limits_(limits), order_(order) {}

void DocumentBuilder::begin_document(uint32_t begin) {
  file_.documents.push_back({.span = {begin, begin}});
  problems_before_ = file_.problems.size();
  open_.clear();
  anchors_.clear();
  entries_.clear();
  last_children_.clear();
  full_ = file_.nodes.size() >= limits_.nodes || text_used_ > limits_.text;  // too deep was the document before it alone
}

void DocumentBuilder::finish_document(uint32_t end_byte, DocumentState state) {
  while (!open_.empty()) end(end_byte);
  Document& document = file_.documents.back();
  document.span.end = end_byte;
  const bool has_problem = file_.problems.size() > problems_before_ || full_;
  document.state = has_problem && state != DocumentState::lines ? DocumentState::partial : state;
  if (document.root == kNoDocumentNode && has_problem) document.state = DocumentState::failed;
}

bool DocumentBuilder::refuse(Span at, std::string what) {
  if (!full_) problem(DocumentProblem::Kind::budget, at, std::move(what));
  full_ = true;
  return false;
}

uint32_t DocumentBuilder::add(const NodeKey& key, NodeType type, std::string_view text, Span span, const NodeExtra& extra) {
  if (full_) return kNoDocumentNode;
  if (file_.nodes.size() >= limits_.nodes) {
    refuse(span, "the document has more than " + std::to_string(limits_.nodes) + " nodes");
    return kNoDocumentNode;
  }
  const auto index = static_cast<uint32_t>(file_.nodes.size());
  const uint32_t parent = open_.empty() ? kNoDocumentNode : open_.back().node;
  file_.nodes.push_back({.type = type,
                         .flags = static_cast<uint16_t>(key.flags | extra.flags | (extra.tag.empty() ? 0 : kTagged)),
                         .parent = parent, .key = key.text, .text = text, .tag = extra.tag, .key_span = key.span, .span = span});
  if (parent == kNoDocumentNode) {
    file_.documents.back().root = index;
  } else {
    uint32_t& last = open_.back().last_child;
    (last == kNoDocumentNode ? file_.nodes[parent].first : file_.nodes[last].next) = index;
    last = index;
    if (order_ == Order::by_path && file_.nodes[parent].type == NodeType::map) {
      const auto [entry, is_new] = entries_.try_emplace({parent, key.text}, index);
      if (!is_new) file_.nodes[index].flags |= kDuplicateKey;
      entry->second = index;
    }
  }
  if (!extra.anchor.empty()) anchors_[extra.anchor] = index;
  return index;
}

bool DocumentBuilder::open(const NodeKey& key, NodeType type, Span start, const NodeExtra& extra) {
  if (open_.size() >= limits_.depth) return refuse(start, "the document is nested deeper than " + std::to_string(limits_.depth) + " levels");
  const uint32_t index = add(key, type, {}, start, extra);
  if (index == kNoDocumentNode) return false;
  open_.push_back({index, kNoDocumentNode});
  return true;
}

bool DocumentBuilder::reopen(uint32_t node) {
  if (open_.size() >= limits_.depth) return refuse(file_.nodes[node].span, "the document is nested deeper than " + std::to_string(limits_.depth) + " levels");
  const auto last = last_children_.find(node);
  open_.push_back({node, last == last_children_.end() ? kNoDocumentNode : last->second});
  return !full_;
}

bool DocumentBuilder::begin_map(const NodeKey& key, Span start, const NodeExtra& extra) { return open(key, NodeType::map, start, extra); }
bool DocumentBuilder::begin_sequence(const NodeKey& key, Span start, const NodeExtra& extra) {
  return open(key, NodeType::sequence, start, extra);
}

void DocumentBuilder::end(uint32_t end_byte) {
  if (open_.empty()) return;
  const Open closed = open_.back();
  open_.pop_back();
  DocumentNode& node = file_.nodes[closed.node];
  node.span.end = std::max(node.span.end, end_byte);
  if (node.parent != kNoDocumentNode) {  // a repeated sequence is no longer open when its items end
    DocumentNode& parent = file_.nodes[node.parent];
    if ((parent.flags & kRepeated) != 0) parent.span.end = std::max(parent.span.end, node.span.end);
  }
  if (order_ == Order::by_path) last_children_[closed.node] = closed.last_child;
  // Maps that are opened again for every line would be sorted again for every line: by_path, add() marks.
  if (node.type == NodeType::map && order_ == Order::nested) mark_duplicates(closed.node);
}

bool DocumentBuilder::scalar(const NodeKey& key, NodeType type, std::string_view text, Span span, const NodeExtra& extra) {
  return add(key, type, text, span, extra) != kNoDocumentNode;
}

bool DocumentBuilder::alias(const NodeKey& key, std::string_view anchor, Span span) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    problem(DocumentProblem::Kind::syntax, span, "an alias names an anchor that is not there before it");
    return add(key, NodeType::expression, {}, span, {}) != kNoDocumentNode;
  }
  const uint32_t index = add(key, NodeType::alias, {}, span, {});
  if (index == kNoDocumentNode) return false;
  file_.nodes[index].first = found->second;
  return true;
}

void DocumentBuilder::flag_open(uint16_t flags) {
  if (!open_.empty()) file_.nodes[open_.back().node].flags |= flags;
}

uint32_t DocumentBuilder::find_entry(std::string_view key) const {
  if (open_.empty()) return kNoDocumentNode;
  const auto found = entries_.find({open_.back().node, key});
  return found == entries_.end() ? kNoDocumentNode : found->second;
}

bool DocumentBuilder::enter_map(const NodeKey& key, Span start) {
  const uint32_t existing = find_entry(key.text);
  if (existing != kNoDocumentNode && file_.nodes[existing].type == NodeType::map) return reopen(existing);
  return begin_map(key, start);
}

bool DocumentBuilder::open_repeated(uint32_t existing, Span start) {
  if (file_.nodes[existing].type == NodeType::sequence && (file_.nodes[existing].flags & kRepeated) != 0) {
    if (!reopen(existing)) return false;
  } else {
    // The first one moves into a sequence that takes its place: its old node becomes the sequence, a copy its first item.
    if (file_.nodes.size() >= limits_.nodes) return refuse(start, "the document has more than " + std::to_string(limits_.nodes) + " nodes");
    const auto item = static_cast<uint32_t>(file_.nodes.size());
    DocumentNode copy = file_.nodes[existing];
    copy.parent = existing;
    copy.next = kNoDocumentNode;
    copy.key = {};
    for (uint32_t child = copy.first; copy.type != NodeType::alias && child != kNoDocumentNode; child = file_.nodes[child].next)
      file_.nodes[child].parent = item;
    if (const auto last = last_children_.find(existing); last != last_children_.end()) {
      last_children_[item] = last->second;
    }
    file_.nodes.push_back(copy);
    DocumentNode& sequence = file_.nodes[existing];
    sequence.type = NodeType::sequence;
    sequence.flags = kRepeated;
    sequence.text = {};
    sequence.tag = {};
    sequence.first = item;
    last_children_[existing] = item;
    if (!reopen(existing)) return false;
  }
  DocumentNode& sequence = file_.nodes[open_.back().node];
  sequence.span.end = std::max(sequence.span.end, start.end);
  return true;
}

bool DocumentBuilder::enter_repeated_map(const NodeKey& key, Span start, const NodeExtra& extra) {
  const uint32_t existing = find_entry(key.text);
  if (existing == kNoDocumentNode) return begin_map(key, start, extra);
  if (!open_repeated(existing, start)) return false;
  const bool opened = begin_map({.text = {}, .span = key.span}, start, extra);
  // The sequence stands open only for the adding: end() of the item must come back to the map around it.
  const Open sequence = open_[open_.size() - (opened ? 2 : 1)];
  last_children_[sequence.node] = sequence.last_child;
  open_.erase(open_.end() - (opened ? 2 : 1));
  return opened;
}

bool DocumentBuilder::repeated_scalar(const NodeKey& key, NodeType type, std::string_view text, Span span, const NodeExtra& extra) {
  const uint32_t existing = find_entry(key.text);
  if (existing == kNoDocumentNode) return scalar(key, type, text, span, extra);
  if (!open_repeated(existing, span)) return false;
  const bool added = scalar({.text = {}, .span = key.span}, type, text, span, extra);
  end(span.end);
  return added;
}

// The last entry of a key counts, so all but the first are marked: a reader of the file sees the first.
void DocumentBuilder::mark_duplicates(uint32_t map) {
  keys_.clear();
  for (uint32_t child = file_.nodes[map].first; child != kNoDocumentNode; child = file_.nodes[child].next)
    if ((file_.nodes[child].flags & kMergeKey) == 0) keys_.emplace_back(file_.nodes[child].key, child);
  std::sort(keys_.begin(), keys_.end());
  for (size_t i = 1; i < keys_.size(); ++i)
    if (keys_[i].first == keys_[i - 1].first) file_.nodes[keys_[i].second].flags |= kDuplicateKey;
}

void DocumentBuilder::problem(DocumentProblem::Kind kind, Span at, std::string what) {
  file_.problems.push_back({kind, at, std::move(what)});
}

void DocumentBuilder::comment(Span span) { file_.comments.push_back({span}); }

std::string_view DocumentBuilder::keep(std::string text) {
  text_used_ += text.size();
  if (text_used_ > limits_.text) {
    refuse({}, "the document has more than " + std::to_string(limits_.text >> 20) + " MiB of text");
    return {};
  }
  return file_.strings.emplace_back(std::move(text));
}

}  // namespace sealwarden
