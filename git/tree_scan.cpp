// SPDX-License-Identifier: Apache-2.0
#include "git/tree_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "scanner/base/parallel.h"

namespace sealwarden {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
constexpr uint32_t kUnseen = 0, kDull = 1, kFirstNode = 2;

uint32_t first_bits(const char* raw) {
  uint32_t bits = 0;
  std::memcpy(&bits, raw, sizeof bits);
  return bits;
}

struct RawEntry {
  uint32_t mode;
  std::string_view name;
  const char* id;
};

// The same format as next_tree_entry reads, without an allocation or a copy: this loop sees gigabytes. False
// at the end and at what breaks the format, where git too stops reading.
bool take_entry(const char*& at, const char* end, RawEntry& entry) {
  uint32_t mode = 0;
  const char* digit = at;
  for (; digit < end && *digit >= '0' && *digit <= '7' && digit - at < 8; ++digit)
    mode = mode << 3 | static_cast<uint32_t>(*digit - '0');
  if (digit == at || digit >= end || *digit != ' ') return false;
  const char* name = digit + 1;
  const auto* nul = static_cast<const char*>(std::memchr(name, 0, static_cast<size_t>(end - name)));
  if (nul == nullptr || end - nul < 21) return false;
  entry = {mode, std::string_view(name, static_cast<size_t>(nul - name)), nul + 1};
  at = nul + 21;
  return true;
}

bool is_folder(uint32_t mode) { return (mode & 0170000) == kModeTree; }

}  // namespace

TargetSet::TargetSet(std::unordered_map<ObjectId, uint32_t> targets) : targets_(std::move(targets)) {
  const size_t bits = std::bit_ceil(std::clamp(targets_.size() * 32, size_t{1} << 14, size_t{1} << 27));
  filter_.resize(bits / 64);
  mask_ = static_cast<uint32_t>(bits - 1);
  for (const auto& [id, number] : targets_) {
    ObjectId raw = id;
    const uint32_t bit = first_bits(reinterpret_cast<const char*>(raw.raw.data())) & mask_;
    filter_[bit / 64] |= uint64_t{1} << (bit % 64);
  }
}

uint32_t TargetSet::find(const char* raw) const {
  const uint32_t bit = first_bits(raw) & mask_;
  if ((filter_[bit / 64] >> (bit % 64) & 1) == 0) return kNone;
  const auto found = targets_.find(ObjectId::from_raw(raw));
  return found == targets_.end() ? kNone : found->second;
}

// Walks down from one root after the other, with a stack of its own.
class TreeScan::Worker {
 public:
  Worker(TreeScan& scan, const TargetSet& targets, size_t number)
      : scan_(scan),
        targets_(targets),
        part_(scan.parts_[number]),
        number_(number),
        loader_(scan.store_.make_loader()) {
    near_.fill({{}, kNone});
  }

  void scan(uint32_t root) {
    if (mark(root) != kUnseen) return;
    enter(root);
    while (depth_ > 0) {
      Frame& frame = frames_[depth_ - 1];
      if (frame.next == frame.pending.size()) {
        finish(frame);
        --depth_;
      } else {
        const uint32_t child = frame.pending[frame.next++].tree;
        if (mark(child) != kUnseen) continue;
        if (depth_ < kMaxDepth)
          enter(child);
        else
          part_.too_deep.push_back(child);
      }
    }
  }

 private:
  struct Pending {
    uint32_t item, tree;  // in frame.items; position in the store
  };
  struct Frame {
    uint32_t tree = 0;
    std::vector<TreeItem> items;
    std::vector<Pending> pending;  // subfolders that were not seen before
    size_t next = 0;
  };
  struct Near {
    ObjectId id;
    uint32_t position;
  };

  [[nodiscard]] uint32_t mark(uint32_t tree) const {
    return scan_.marks_[tree].load(std::memory_order_acquire);
  }

  void enter(uint32_t tree) {
    if (frames_.size() == depth_) frames_.emplace_back();
    Frame& frame = frames_[depth_++];
    frame.tree = tree;
    frame.items.clear();
    frame.pending.clear();
    frame.next = 0;
    const Result<Object> object = loader_.load(scan_.store_.objects()[tree].id);
    if (!object || object->type != ObjectType::tree) return;
    const char* at = object->bytes.data();
    const char* const end = at + object->bytes.size();
    RawEntry entry{};
    while (take_entry(at, end, entry))
      look_at(entry, frame);
  }

  void look_at(const RawEntry& entry, Frame& frame) {
    const uint32_t target = targets_.find(entry.id);
    uint32_t child = kNoNode;
    if (is_folder(entry.mode)) {
      const uint32_t tree = position(entry.id);
      const uint32_t seen = tree == kNone ? kDull : mark(tree);
      if (seen == kUnseen) frame.pending.push_back({static_cast<uint32_t>(frame.items.size()), tree});
      if (seen >= kFirstNode) child = seen - kFirstNode;
      if (seen == kDull && target == kNone) return;
    } else if (target == kNone) {
      return;
    }
    frame.items.push_back({number_of(entry.name), entry.mode, target, child});
  }

  // Most subfolders are those of the tree before: a small table spares the search in the store.
  uint32_t position(const char* raw) {
    Near& near = near_[first_bits(raw) % near_.size()];
    if (near.position != kNone && std::memcmp(near.id.raw.data(), raw, near.id.raw.size()) == 0)
      return near.position;
    const ObjectId id = ObjectId::from_raw(raw);
    const ObjectRef* found = scan_.store_.find(id);
    if (found == nullptr) return kNone;
    near = {id, static_cast<uint32_t>(found - scan_.store_.objects().data())};
    return near.position;
  }

  uint32_t number_of(std::string_view name) {
    const auto found = part_.name_numbers.find(name);
    if (found != part_.name_numbers.end()) return found->second;
    const auto number = static_cast<uint32_t>(part_.names.size());
    part_.name_numbers.emplace(part_.names.emplace_back(name), number);
    return number;
  }

  void finish(Frame& frame) {
    for (const Pending& pending : frame.pending) {
      const uint32_t seen = mark(pending.tree);
      if (seen >= kFirstNode) frame.items[pending.item].child = seen - kFirstNode;
    }
    std::erase_if(frame.items,
                  [](const TreeItem& item) { return item.target == kNone && item.child == kNoNode; });
    uint32_t expected = kUnseen;
    const uint32_t mine = frame.items.empty() ? kDull : kFirstNode + add_node(frame);
    if (!scan_.marks_[frame.tree].compare_exchange_strong(expected, mine, std::memory_order_acq_rel) &&
        mine != kDull)
      drop_last_node();  // another worker was faster
  }

  uint32_t add_node(Frame& frame) {
    // By plain name, not as git sorts them: a file and a folder of the same name are then neighbours in a
    // comparison.
    std::stable_sort(frame.items.begin(), frame.items.end(), [&](const TreeItem& a, const TreeItem& b) {
      return a.name != b.name && part_.names[a.name] < part_.names[b.name];
    });
    part_.nodes.push_back(
        {static_cast<uint32_t>(part_.items.size()), static_cast<uint32_t>(frame.items.size()), frame.tree});
    part_.items.insert(part_.items.end(), frame.items.begin(), frame.items.end());
    return static_cast<uint32_t>((part_.nodes.size() - 1) * scan_.parts_.size() + number_);
  }

  void drop_last_node() {
    part_.items.resize(part_.nodes.back().first);
    part_.nodes.pop_back();
  }

  TreeScan& scan_;
  const TargetSet& targets_;
  Part& part_;
  const size_t number_;
  ObjectStore::Loader loader_;
  std::deque<Frame> frames_;  // kept for their memory; depth_ of them are in use
  size_t depth_ = 0;
  std::array<Near, 4096> near_;
};

TreeScan::TreeScan(const ObjectStore& store, const TargetSet& targets, std::vector<ObjectId> roots)
    : store_(store),
      parts_(thread_count()),
      marks_(std::make_unique<std::atomic<uint32_t>[]>(store.objects().size())) {
  std::vector<uint32_t> positions;
  positions.reserve(roots.size());
  for (const ObjectId& root : roots)
    if (const ObjectRef* found = store.find(root))
      positions.push_back(static_cast<uint32_t>(found - store.objects().data()));
  // In the order of the pack, where what is alike lies together.
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  std::vector<std::unique_ptr<Worker>> workers(parts_.size());
  constexpr size_t kGrain = 256;
  parallel_ranges(positions.size(), kGrain, [&](size_t first, size_t last, size_t worker) {
    if (!workers[worker]) workers[worker] = std::make_unique<Worker>(*this, targets, worker);
    for (size_t i = first; i < last; ++i)
      workers[worker]->scan(positions[i]);
  });
  close_folders();
}

void TreeScan::close_folders() {
  std::unordered_map<uint32_t, uint64_t> counts;
  for (size_t number = 0; number < parts_.size(); ++number)
    for (size_t i = 0; i < parts_[number].nodes.size(); ++i)
      count_paths(static_cast<uint32_t>(i * parts_.size() + number), counts);
  for (const Part& part : parts_)
    for (const uint32_t tree : part.too_deep)
      if (marks_[tree].load(std::memory_order_relaxed) == kUnseen)
        not_entered_.push_back(store_.objects()[tree].id);
  std::sort(not_entered_.begin(), not_entered_.end());
  not_entered_.erase(std::unique(not_entered_.begin(), not_entered_.end()), not_entered_.end());
}

// How many paths to targets the folder unfolds to; one above the bound is closed and counts as empty from
// then on.
uint64_t TreeScan::count_paths(uint32_t node, std::unordered_map<uint32_t, uint64_t>& counts) {
  const auto known = counts.find(node);
  if (known != counts.end()) return known->second;
  uint64_t count = 0;
  for (const TreeItem& item : items(node)) {
    count += item.target != kNone ? 1 : 0;
    if (item.child != kNoNode) count += count_paths(item.child, counts);
  }
  if (count > kMaxPaths) {
    Node& closed = part_of(node).nodes[node / parts_.size()];
    closed.count = 0;
    not_entered_.push_back(store_.objects()[closed.tree].id);
    count = 0;
  }
  counts.emplace(node, count);
  return count;
}

uint32_t TreeScan::node(const ObjectId& tree) const {
  const ObjectRef* found = store_.find(tree);
  if (found == nullptr) return kNoNode;
  const uint32_t seen =
      marks_[static_cast<size_t>(found - store_.objects().data())].load(std::memory_order_relaxed);
  return seen >= kFirstNode ? seen - kFirstNode : kNoNode;
}

std::span<const TreeItem> TreeScan::items(uint32_t node) const {
  const Part& part = part_of(node);
  const Node& found = part.nodes[node / parts_.size()];
  return std::span(part.items).subspan(found.first, found.count);
}

std::string_view TreeScan::name(uint32_t node, const TreeItem& item) const {
  return part_of(node).names[item.name];
}

size_t TreeScan::node_limit() const {
  size_t most = 0;
  for (const Part& part : parts_)
    most = std::max(most, part.nodes.size());
  return most * parts_.size();
}

}  // namespace sealwarden
