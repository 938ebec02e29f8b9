// SPDX-License-Identifier: Apache-2.0
#include "git/tree_recorder.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sealwarden {
namespace {

constexpr size_t kNearSlots = 4096, kNearNames = 8192, kShapes = SoughtObjects::kShapes;

struct TreeMemory : VisitedObject::Memory {
  TreeBounds bounds;
};

uint32_t first_bits(const ObjectId& id) {
  uint32_t bits = 0;
  std::memcpy(&bits, id.raw.data(), sizeof bits);
  return bits;
}

size_t shape_of(std::string_view name) {
  const auto byte = [&](size_t at) { return static_cast<size_t>(static_cast<uint8_t>(name[at])); };
  if (name.empty()) return 0;
  return (name.size() * 31 + byte(0) * 7 + byte(name.size() - 1) * 61 + byte(name.size() / 2) * 257) % kShapes;
}

}  // namespace

RareIds::RareIds(size_t expected)
    : bits_(std::bit_ceil(std::clamp(expected * 32, size_t{1} << 14, size_t{1} << 27)) / 64), mask_(static_cast<uint32_t>(bits_.size() * 64 - 1)) {}

void RareIds::add(const ObjectId& id) {
  const uint32_t bit = first_bits(id) & mask_;
  bits_[bit / 64].fetch_or(uint64_t{1} << (bit % 64), std::memory_order_relaxed);
}

bool RareIds::may_contain(const ObjectId& id) const {
  const uint32_t bit = first_bits(id) & mask_;
  return (bits_[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
}

SoughtObjects::SoughtObjects(std::unordered_set<ObjectId> all) : targets(std::move(all)), filter(targets.size()), absent(0) {
  for (const ObjectId& id : targets) filter.add(id);
}

TreeRecorder::TreeRecorder(const ObjectStore& store, SoughtObjects& sought, Watch& watch)
    : store_(store), sought_(sought), watch_(watch), near_(kNearSlots), near_names_(kNearNames) {}

bool TreeRecorder::record(const VisitedObject& tree, std::shared_ptr<const VisitedObject::Memory>& memory) {
  const TreeMemory* const known = tree.base == nullptr ? nullptr : static_cast<const TreeMemory*>(tree.base->memory);
  // A second copy gives no memory: what it says is not recorded here, and its deltas are to be compared with what is.
  const bool is_to_be_base = tree.has_deltas && !tree.is_repeat;
  bool is_derived = known != nullptr, is_whole = false;
  if (is_derived) {
    const TreeBase base{tree.base->bytes, known->bounds, tree.base->copied};
    is_whole = compare_with_base(tree.bytes, &base, is_to_be_base, change_);
  }
  if (!is_whole) {
    is_derived = false;
    is_whole = compare_with_base(tree.bytes, nullptr, is_to_be_base, change_);
  }
  if (!is_whole) return false;
  if (!tree.is_repeat) {
    for (const TreeEntry& entry : change_.dropped) note_dropped(tree.position, entry);
    for (const TreeEntry& entry : change_.added) store_.prefetch(entry.id);
    for (const TreeEntry& entry : change_.added) note_added(tree.position, entry);
    if (is_derived) derived_.push_back({tree.base->position, tree.position});
  }
  // Nor does a tree with names twice, of which a delta may drop one.
  if (is_to_be_base && change_.is_ascending) {
    auto bounds = std::make_shared<TreeMemory>();
    bounds->bounds.swap(change_.bounds);
    memory = std::move(bounds);
  }
  return true;
}

void TreeRecorder::note_added(uint32_t tree, const TreeEntry& entry) {
  const uint32_t judgement = judge(entry.name), position = position_of(entry.id);
  watch_.see_entry(entry, judgement, position);
  const bool is_link = entry.mode == kModeSubmodule;
  if (position == kAbsent && !is_link) sought_.absent.add(entry.id);
  if (judgement != 0 || sought_.contains(entry.id) || (!is_link && (position == kAbsent || is_folder(entry.mode))))
    keep(added_, tree, entry, position);
}

// What was kept when it was added is kept now: the base, or its base, or the one before has been recorded by somebody.
void TreeRecorder::note_dropped(uint32_t tree, const TreeEntry& entry) {
  const bool may_matter = is_folder(entry.mode) || sought_.filter.may_contain(entry.id) || sought_.absent.may_contain(entry.id) ||
                          sought_.kept_shapes[shape_of(entry.name)].load(std::memory_order_relaxed);
  if (may_matter) keep(dropped_, tree, entry, position_of(entry.id));
}

void TreeRecorder::keep(std::vector<Entry>& list, uint32_t tree, const TreeEntry& entry, uint32_t position) {
  const uint32_t name = number_of(entry.name);
  if (position == kAbsent) list.push_back({tree, number_of_absent(entry.id), name, entry.mode | kAbsentMode});
  else list.push_back({tree, position, name, entry.mode});
}

// Names come again and again; those that came lately are remembered, all would be too many.
uint32_t TreeRecorder::judge(std::string_view name) {
  NearName& near = near_names_[std::hash<std::string_view>()(name) % near_names_.size()];
  if (near.is_set && near.name == name) return near.judgement;
  near.name.assign(name);
  near.is_set = true;
  near.judgement = watch_.judge_name(name);
  if (near.judgement != 0) sought_.kept_shapes[shape_of(name)].store(true, std::memory_order_relaxed);
  return near.judgement;
}

uint32_t TreeRecorder::number_of(std::string_view name) {
  const auto found = name_numbers_.find(name);
  if (found != name_numbers_.end()) return found->second;
  const auto number = static_cast<uint32_t>(names_.size());
  name_numbers_.emplace(names_.emplace_back(name), number);
  return number;
}

uint32_t TreeRecorder::number_of_absent(const ObjectId& id) {
  const auto [at, is_new] = absent_numbers_.try_emplace(id, static_cast<uint32_t>(absent_.size()));
  if (is_new) absent_.push_back(id);
  return at->second;
}

// What one version of a folder drops its neighbour has: a small table spares many a search in the store.
uint32_t TreeRecorder::position_of(const ObjectId& id) {
  Near& near = near_[first_bits(id) % near_.size()];
  if (near.position != kAbsent && near.id == id) return near.position;
  const ObjectRef* const found = store_.find(id);
  if (found == nullptr) return kAbsent;
  near = {id, static_cast<uint32_t>(found - store_.objects().data())};
  return near.position;
}

}  // namespace sealwarden
