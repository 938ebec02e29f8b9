// SPDX-License-Identifier: Apache-2.0
#include "git/object_pass.h"

#include <libdeflate.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <optional>

#include "git/delta.h"
#include "git/inflate.h"
#include "git/loose_object.h"
#include "git/pack_entry.h"
#include "git/pack_forest.h"
#include "git/stored_objects.h"
#include "scanner/base/parallel.h"
#include "scanner/base/shared_tasks.h"
#include "scanner/base/stop.h"

namespace sealwarden {
namespace {

using Memory = VisitedObject::Memory;

// An object that deltas are to be made of.
struct Parent {
  ObjectId id;
  uint32_t position = 0;
  ObjectType type = ObjectType::blob;
  size_t size = 0;
  bool was_visited = true;  // no: it lies in another store, and was read just for its deltas
  std::shared_ptr<const Memory> memory;
};

// Entries of a forest that are still to be read: siblings with their descendants.
struct Family {
  uint32_t pack = 0;
  uint32_t next = 0, end = 0;
  std::shared_ptr<const Parent> parent;       // null: they are roots
  std::shared_ptr<const OwnedBytes> base;     // the parent's bytes; null if they were dropped to save memory
};

// A stretch of the list of objects, to be read from loose files.
struct Stretch {
  uint32_t first = 0, last = 0;
};

size_t default_object_limit() {
  constexpr uint64_t kMost = uint64_t{4} << 30;
  const auto pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return size_t{1} << 30;
  return static_cast<size_t>(std::min(kMost, static_cast<uint64_t>(pages) * static_cast<uint64_t>(page) / 2));
}

// What there is to read, handed out from the heaviest tree of a forest down to handfuls of light ones and of loose files.
class Agenda {
 public:
  explicit Agenda(const ObjectStore& store) : store_(store), forests_(store.packs().size()) {
    for (size_t i = 0; i < forests_.size(); ++i) forests_[i].emplace(*store.packs()[i].files);
    for (uint32_t pack = 0; pack < forests_.size(); ++pack)
      for (const PackForest::Tree& tree : forests_[pack]->heavy()) heavy_.push_back({pack, tree});
    std::stable_sort(heavy_.begin(), heavy_.end(), [](const Heavy& a, const Heavy& b) { return a.tree.weight > b.tree.weight; });
    for (const ObjectStore::Pack& pack : store.packs()) {
      is_packed_.resize(std::max<size_t>(is_packed_.size(), pack.store + 1));
      is_packed_[pack.store] = true;
    }
  }
  // From the beginning again.
  void start_over() {
    next_heavy_ = 0;
    light_pack_ = light_entry_ = next_loose_ = 0;
  }

  [[nodiscard]] const PackForest& forest(uint32_t pack) const { return *forests_[pack]; }
  [[nodiscard]] size_t packs() const { return forests_.size(); }

  std::optional<Family> next_family() {
    const std::lock_guard lock(mutex_);
    if (next_heavy_ < heavy_.size()) {
      const Heavy& heavy = heavy_[next_heavy_++];
      const PackForest& forest = *forests_[heavy.pack];
      return Family{heavy.pack, heavy.tree.root, heavy.tree.root + forest[heavy.tree.root].family, nullptr, nullptr};
    }
    return next_light();
  }
  // Objects whose first copy lies in no pack.
  std::optional<Stretch> next_loose() {
    const std::lock_guard lock(mutex_);
    const std::vector<ObjectRef>& objects = store_.objects();
    while (next_loose_ < objects.size() && !is_loose(objects[next_loose_])) ++next_loose_;
    Stretch stretch{next_loose_, next_loose_};
    while (stretch.last < objects.size() && stretch.last - stretch.first < kHandful && is_loose(objects[stretch.last])) ++stretch.last;
    next_loose_ = stretch.last;
    return stretch.first == stretch.last ? std::nullopt : std::optional(stretch);
  }

 private:
  static constexpr uint32_t kHandful = 64;
  struct Heavy {
    uint32_t pack;
    PackForest::Tree tree;
  };

  // Trees side by side that are not heavy, about a handful of entries together.
  std::optional<Family> next_light() {
    for (; light_pack_ < forests_.size(); ++light_pack_, light_entry_ = 0) {
      const PackForest& forest = *forests_[light_pack_];
      while (light_entry_ < forest.size() && is_heavy(light_entry_)) light_entry_ += forest[light_entry_].family;
      if (light_entry_ == forest.size()) continue;
      Family family{light_pack_, light_entry_, light_entry_, nullptr, nullptr};
      while (family.end < forest.size() && family.end - family.next < kHandful && !is_heavy(family.end))
        family.end += forest[family.end].family;
      light_entry_ = family.end;
      return family;
    }
    return std::nullopt;
  }
  bool is_heavy(uint32_t root) {
    if (heavy_roots_pack_ != light_pack_) {
      heavy_roots_pack_ = light_pack_;
      heavy_roots_.clear();
      for (const PackForest::Tree& tree : forests_[light_pack_]->heavy()) heavy_roots_.push_back(tree.root);
      std::sort(heavy_roots_.begin(), heavy_roots_.end());
    }
    return std::binary_search(heavy_roots_.begin(), heavy_roots_.end(), root);
  }
  [[nodiscard]] bool is_loose(const ObjectRef& object) const {
    return object.store >= is_packed_.size() || !is_packed_[object.store];
  }

  const ObjectStore& store_;
  std::vector<std::optional<PackForest>> forests_;
  std::vector<Heavy> heavy_;
  std::vector<bool> is_packed_;  // by store; false beyond its end
  std::mutex mutex_;            // of all below
  size_t next_heavy_ = 0;
  uint32_t light_pack_ = 0, light_entry_ = 0, next_loose_ = 0;
  uint32_t heavy_roots_pack_ = UINT32_MAX;
  std::vector<uint32_t> heavy_roots_;
};

// What all workers of a run share.
struct Run {
  const ObjectStore& store;
  const PassOptions& options;
  Agenda& agenda;
  const bool wants_trees;  // and nothing else; or all but trees
  SharedTasks<Family> families = {};
  std::mutex large_object = {};  // held while a worker has one in memory

  [[nodiscard]] bool wants(ObjectType type) const { return (type == ObjectType::tree) == wants_trees; }
};

// Whether another copy of the object is the one that counts: of another store, or before it in this pack.
bool is_repeat(const ObjectStore& store, const ObjectStore::Pack& pack, uint32_t index_position, const ObjectRef& ref) {
  return ref.store != pack.store || (!store.has_distinct_ids() && index_position > 0 && pack.files->index.id(index_position - 1) == ref.id);
}

// The position of an entry in the store's list, unless another copy is the one that counts.
std::optional<uint32_t> kept_position(const ObjectStore& store, uint32_t pack_number, uint32_t index_position) {
  const ObjectStore::Pack& pack = store.packs()[pack_number];
  const uint32_t position = store.position(pack, index_position);
  return is_repeat(store, pack, index_position, store.objects()[position]) ? std::nullopt : std::optional(position);
}

class Worker {
 public:
  Worker(Run& run, ObjectVisitor& visitor)
      : run_(run), visitor_(visitor), stored_(run.store.folders(), {run.options.object_limit, UINT64_MAX, run.store.objects().size()}) {
    constexpr size_t kLeaf = size_t{1} << 20;  // larger objects get memory of their own
    leaf_.reserve(kLeaf);
  }

  void run() {
    run_.families.join();
    try {
      while (const std::optional<Family> family = run_.agenda.next_family()) read(*family);
      if (!run_.wants_trees)
        while (const std::optional<Stretch> stretch = run_.agenda.next_loose()) read(*stretch);
      while (std::optional<Family> family = run_.families.take()) read(std::move(*family));
    } catch (...) {
      run_.families.leave();
      throw;
    }
  }

  // Positions, in no order: of objects that could not be read, and of trees that came in the run of the others.
  std::vector<uint32_t> failed, late_trees;

 private:
  static bool is_stopped() { return stop_requested.load(std::memory_order_relaxed); }

  void read(Family family) {
    stack_.clear();
    kept_ = 0;
    push(std::move(family));
    while (!stack_.empty() && !is_stopped()) {
      if (turn_.owns_lock() && kept_ <= run_.options.large) end_turn();
      if (!turn_.owns_lock() && run_.families.somebody_waits()) give_away();  // a large base is no other worker's
      Family& top = stack_.back();
      if (top.parent && !top.base && !restore_base(top)) {
        fail_family(top);
        pop();
        continue;
      }
      const PackForest& forest = run_.agenda.forest(top.pack);
      const uint32_t entry = top.next;
      look_ahead(top.pack, entry);
      Family one{top.pack, entry, entry + forest[entry].family, top.parent, top.base};
      top.next = one.end;
      const bool is_wanted = one.parent != nullptr || wants_root(one);
      if (top.next == top.end) pop();  // the last sibling: its base is kept no longer than it takes to read it
      if (is_wanted) read_first(std::move(one));
    }
    stack_.clear();
    if (turn_.owns_lock()) end_turn();
  }

  // To be called before so many bytes are asked for: several workers with a large object each could be more than there is.
  void wait_for_turn(uint64_t size) {
    if (size > run_.options.large && !turn_.owns_lock()) turn_ = std::unique_lock(run_.large_object);
  }

  void end_turn() {
    if (delta_.capacity() > run_.options.large) delta_ = {};
    turn_.unlock();
  }

  // Entries are read nearly in the order of the forest; where they lie in index and pack is anywhere.
  void look_ahead(uint32_t pack_number, uint32_t entry) const {
    constexpr uint32_t kFar = 4, kNear = 2;
    const PackForest& forest = run_.agenda.forest(pack_number);
    const ObjectStore::Pack& pack = run_.store.packs()[pack_number];
    if (entry + kFar < forest.size()) {
      pack.files->index.prefetch(forest[entry + kFar].position);
      if (run_.store.has_distinct_ids()) __builtin_prefetch(&run_.store.objects()[pack.first + forest[entry + kFar].position]);
    }
    if (entry + kNear >= forest.size()) return;
    const std::optional<uint64_t> offset = pack.files->index.offset(forest[entry + kNear].position);
    const Bytes bytes = pack.files->pack_file.bytes();
    if (offset && *offset < bytes.size()) __builtin_prefetch(bytes.data() + *offset);
  }

  // Whether this run is about a root and its family, which have one type. That of a root which is a delta shows only when it
  // is read, so the first run reads it, and leaves what turns out to be a tree for later, one by one.
  bool wants_root(const Family& family) const {
    const OpenPack& files = *run_.store.packs()[family.pack].files;
    const std::optional<uint64_t> offset = files.index.offset(run_.agenda.forest(family.pack)[family.next].position);
    const Result<PackEntry> entry = parse_pack_entry(files.pack_file.bytes(), offset.value_or(0));
    if (!entry || entry->is_delta()) return !run_.wants_trees;
    return run_.wants(static_cast<ObjectType>(entry->kind));
  }

  // Reads the first entry of `family`, whose only root it is, and leaves its descendants on the stack.
  void read_first(Family family) {
    const PackForest& forest = run_.agenda.forest(family.pack);
    const ObjectStore::Pack& pack = run_.store.packs()[family.pack];
    const uint32_t index_position = forest[family.next].position;
    const uint32_t position = run_.store.position(pack, index_position);
    const ObjectRef& ref = run_.store.objects()[position];
    const bool has_deltas = family.end - family.next > 1;
    Result<Made> made = make(family, index_position, has_deltas);
    if (!made) return fail_family(family);
    if (!run_.wants(made->type)) {
      note_family(family, late_trees);
      return;
    }
    VisitedObject object{.id = ref.id, .position = position, .type = made->type};
    object.bytes = made->bytes;
    object.has_deltas = has_deltas && !run_.options.whole;
    object.is_repeat = is_repeat(run_.store, pack, index_position, ref);
    if (object.is_repeat && !has_deltas) return;
    if (run_.options.verify_ids && object_id(object.type, object.bytes) != ref.id) return fail_family(family);
    std::shared_ptr<const Memory> memory;
    if (object.is_repeat && !object.has_deltas) {
      // only read because deltas hang on it
    } else if (family.parent && family.parent->was_visited && !run_.options.whole) {
      const VisitedObject::Base base{family.parent->position, family.base->view(), family.parent->memory.get(), copied_};
      object.base = &base;
      memory = visitor_.visit(object);
    } else {
      memory = visitor_.visit(object);
    }
    if (!has_deltas) return;
    auto parent = std::make_shared<Parent>(Parent{ref.id, position, object.type, object.bytes.size(), true, std::move(memory)});
    push({family.pack, family.next + 1, family.end, std::move(parent), std::move(made->memory)});
  }

  struct Made {
    ObjectType type;
    Bytes bytes;
    std::shared_ptr<const OwnedBytes> memory;  // what holds them; null if that is leaf_
  };
  static Made kept(ObjectType type, OwnedBytes bytes) {
    auto memory = std::make_shared<OwnedBytes>(std::move(bytes));
    const Bytes view = memory->view();
    return {type, view, std::move(memory)};
  }

  // The bytes of the family's first entry; sets copied_ if it has a base. Makes sure that the family has its base's bytes.
  // What need not be kept comes to lie where the one before it lay, in the processor's cache.
  Result<Made> make(Family& family, uint32_t index_position, bool is_kept) {
    const OpenPack& files = *run_.store.packs()[family.pack].files;
    const std::optional<uint64_t> offset = files.index.offset(index_position);
    if (!offset) return fail(Error::Kind::corrupt, "the pack's index is broken");
    try {
      TRY(const PackEntry entry, parse_pack_entry(files.pack_file.bytes(), *offset));
      if (entry.size > run_.options.object_limit) return fail(Error::Kind::limit, "it is too large");
      wait_for_turn(entry.size);
      if (!entry.is_delta()) return make_whole(files, index_position, *offset, entry, is_kept);
      TRY_VOID(find_base(family, entry));
      TRY(const Inflater::Stream delta, inflater_.inflate_into(delta_, entry.packed, entry.size));
      TRY_VOID(check(files, index_position, *offset, entry, delta.taken));
      const uint64_t size = stated_size(delta.bytes);
      wait_for_turn(size);
      if (!is_kept && size <= run_.options.object_limit) {
        TRY(const std::optional<Bytes> leaf, apply_delta_into(leaf_, family.base->view(), delta.bytes, copied_));
        if (leaf) return Made{family.parent->type, *leaf, nullptr};
      }
      TRY(OwnedBytes bytes, apply_delta(family.base->view(), delta.bytes, run_.options.object_limit, &copied_));
      return kept(family.parent->type, std::move(bytes));
    } catch (const std::bad_alloc&) {
      return fail(Error::Kind::limit, "it does not fit into memory");
    }
  }

  Result<Made> make_whole(const OpenPack& files, uint32_t index_position, uint64_t offset, const PackEntry& entry, bool is_kept) {
    const auto type = static_cast<ObjectType>(entry.kind);
    if (!is_kept && entry.size < leaf_.capacity()) {
      TRY(const Inflater::Stream leaf, inflater_.inflate_into(leaf_, entry.packed, entry.size));
      TRY_VOID(check(files, index_position, offset, entry, leaf.taken));
      return Made{type, leaf.bytes, nullptr};
    }
    size_t taken = 0;
    TRY(OwnedBytes bytes, inflater_.inflate(entry.packed, entry.size, &taken));
    TRY_VOID(check(files, index_position, offset, entry, taken));
    return kept(type, std::move(bytes));
  }

  // Whether the entry stands in the pack as the index says.
  static Result<void> check(const OpenPack& files, uint32_t index_position, uint64_t offset, const PackEntry& entry, size_t taken) {
    const std::optional<uint32_t> expected = files.index.checksum(index_position);
    const char* const start = files.pack_file.bytes().data() + offset;
    if (!expected || libdeflate_crc32(0, start, static_cast<size_t>(entry.packed.data() - start) + taken) == *expected) return {};
    return fail(Error::Kind::corrupt, "its checksum is wrong");
  }

  // Of a delta that stands as a root: its base lies in another store.
  Result<void> find_base(Family& family, const PackEntry& entry) {
    if (family.base) return {};
    if (entry.kind != PackEntry::Kind::far_delta) return fail(Error::Kind::internal, "a delta stands as a root");
    TRY(StoredObject base, load_checked(entry.base_id));
    wait_for_turn(base.bytes.size());
    family.parent = std::make_shared<Parent>(Parent{entry.base_id, 0, base.type, base.bytes.size(), false, nullptr});
    family.base = as_whole(std::move(base));
    return {};
  }

  // Reads a base again that was dropped to save memory.
  bool restore_base(Family& family) {
    wait_for_turn(family.parent->size);
    try {
      Result<StoredObject> base = load_checked(family.parent->id);
      if (!base) return false;
      family.base = as_whole(std::move(*base));
    } catch (const std::bad_alloc&) {
      return false;
    }
    kept_ += family.base->size();
    return true;
  }

  // Another copy than the one that was seen may be what is read: it must be the same bytes.
  Result<StoredObject> load_checked(const ObjectId& id) {
    TRY(StoredObject object, stored_.load(id));
    if (object_id(object.type, object.bytes) != id) return fail(Error::Kind::corrupt, "its bytes are not those that its id stands for");
    return object;
  }

  static std::shared_ptr<const OwnedBytes> as_whole(StoredObject object) {
    const bool is_whole = object.bytes.size() == object.memory.size();
    return std::make_shared<OwnedBytes>(is_whole ? std::move(object.memory) : OwnedBytes::copy_of(object.bytes));
  }

  void push(Family family) {
    if (family.base) kept_ += family.base->size();
    stack_.push_back(std::move(family));
    // Bases far down the stack are needed last; the newest is kept, whatever its size.
    for (size_t i = 0; kept_ > run_.options.kept_limit && i + 1 < stack_.size(); ++i)
      if (stack_[i].base) {
        kept_ -= stack_[i].base->size();
        stack_[i].base.reset();
      }
  }
  void pop() {
    if (stack_.back().base) kept_ -= stack_.back().base->size();
    stack_.pop_back();
  }

  // Hands the families that would be read last to a worker that has none: the lowest on the stack, or half of the only one.
  void give_away() {
    if (stack_.size() > 1) {
      if (stack_.front().base) kept_ -= stack_.front().base->size();
      run_.families.give(std::move(stack_.front()));
      stack_.erase(stack_.begin());
      return;
    }
    Family& only = stack_.front();
    const PackForest& forest = run_.agenda.forest(only.pack);
    const uint32_t half = only.next + (only.end - only.next) / 2;
    uint32_t middle = only.next + forest[only.next].family;
    while (middle < half) middle += forest[middle].family;
    if (middle >= only.end) return;
    run_.families.give({only.pack, middle, only.end, only.parent, only.base});
    only.end = middle;
  }

  void fail_family(const Family& family) { note_family(family, failed); }

  void note_family(const Family& family, std::vector<uint32_t>& positions) const {
    const PackForest& forest = run_.agenda.forest(family.pack);
    for (uint32_t entry = family.next; entry < family.end; ++entry)
      if (const auto position = kept_position(run_.store, family.pack, forest[entry].position)) positions.push_back(*position);
  }

  void read(const Stretch& stretch) {
    for (uint32_t position = stretch.first; position < stretch.last && !is_stopped(); ++position) {
      const ObjectRef& ref = run_.store.objects()[position];
      const Result<StoredObject> object = load_loose(ref);
      if (!object || (run_.options.verify_ids && object_id(object->type, object->bytes) != ref.id)) {
        failed.push_back(position);
        continue;
      }
      if (object->type == ObjectType::tree) late_trees.push_back(position);
      else visitor_.visit({.id = ref.id, .position = position, .type = object->type, .bytes = object->bytes});
    }
  }

  Result<StoredObject> load_loose(const ObjectRef& ref) {
    try {
      return read_loose_object(run_.store.loose_folder(ref.store), ref.id, inflater_, run_.options.object_limit);
    } catch (const std::bad_alloc&) {
      return fail(Error::Kind::limit, "it does not fit into memory");
    }
  }

  Run& run_;
  ObjectVisitor& visitor_;
  Inflater inflater_;
  StoredObjects stored_;  // for bases that are not at hand
  ByteBuffer delta_, leaf_;
  std::vector<CopiedRegion> copied_;
  std::vector<Family> stack_;
  size_t kept_ = 0;  // bytes of the bases on the stack
  std::unique_lock<std::mutex> turn_;  // with a large object
};

}  // namespace

struct ObjectPass::State {
  State(const ObjectStore& all, const PassOptions& given) : store(all), options(given), agenda(all) {
    if (options.object_limit == 0) options.object_limit = default_object_limit();
  }

  void show(bool trees, const MakeVisitor& make_visitor) {
    agenda.start_over();
    Run run{store, options, agenda, trees};
    std::vector<ObjectVisitor*> visitors(thread_count());
    const auto visitor_of = [&](size_t worker) -> ObjectVisitor& {
      if (visitors[worker] == nullptr) visitors[worker] = &make_visitor(worker);
      return *visitors[worker];
    };
    std::vector<uint32_t> failed;
    std::mutex mutex;
    parallel_ranges(thread_count(), 1, [&](size_t, size_t, size_t number) {
      Worker worker(run, visitor_of(number));
      worker.run();
      const std::lock_guard lock(mutex);
      failed.insert(failed.end(), worker.failed.begin(), worker.failed.end());
      late_trees.insert(late_trees.end(), worker.late_trees.begin(), worker.late_trees.end());
    });
    if (trees) failed.insert(failed.end(), late_trees.begin(), late_trees.end());
    else add_broken(failed);
    std::sort(failed.begin(), failed.end());
    read_one_by_one(failed, trees, visitor_of);
  }

  // Entries that stand in no tree of their forest.
  void add_broken(std::vector<uint32_t>& failed) const {
    for (uint32_t pack = 0; pack < agenda.packs(); ++pack)
      for (const uint32_t index_position : agenda.forest(pack).broken())
        if (const auto position = kept_position(store, pack, index_position)) failed.push_back(*position);
  }

  // Loose trees; and what failed: another copy may be whole, or another reader get along with it.
  void read_one_by_one(const std::vector<uint32_t>& positions, bool trees,
                       const std::function<ObjectVisitor&(size_t worker)>& visitor_of) {
    std::vector<std::unique_ptr<ObjectStore::Loader>> loaders(thread_count());
    std::mutex mutex;
    parallel_ranges_until_stopped(positions.size(), 64, [&](size_t first, size_t last, size_t worker) {
      if (!loaders[worker]) loaders[worker] = std::make_unique<ObjectStore::Loader>(store.make_loader());
      for (size_t i = first; i < last; ++i) {
        const ObjectRef& ref = store.objects()[positions[i]];
        const Result<Object> object = load(*loaders[worker], ref);
        ObjectVisitor& visitor = visitor_of(worker);
        if (!object) {
          visitor.note_unreadable(ref.id, object.error());
        } else if (!trees && object->type == ObjectType::tree) {
          const std::lock_guard lock(mutex);
          late_trees.push_back(positions[i]);
        } else {
          visitor.visit({.id = ref.id, .position = positions[i], .type = object->type, .bytes = object->bytes});
        }
      }
    });
  }

  static Result<Object> load(ObjectStore::Loader& loader, const ObjectRef& ref) {
    Result<Object> object = loader.load(ref.id);
    if (object && object_id(object->type, object->bytes) != ref.id)
      return fail(Error::Kind::corrupt, ref.id.hex() + ": its bytes are not those that its id stands for");
    return object;
  }

  const ObjectStore& store;
  PassOptions options;
  Agenda agenda;
  std::vector<uint32_t> late_trees;
};

ObjectPass::ObjectPass(const ObjectStore& store, const PassOptions& options) : state_(std::make_unique<State>(store, options)) {}
ObjectPass::~ObjectPass() = default;

void ObjectPass::show_all_but_trees(const MakeVisitor& make_visitor) { state_->show(false, make_visitor); }
void ObjectPass::show_trees(const MakeVisitor& make_visitor) { state_->show(true, make_visitor); }

}  // namespace sealwarden
