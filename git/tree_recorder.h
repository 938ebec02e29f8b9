// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "git/object_pass.h"
#include "git/object_store.h"
#include "git/tree_change.h"

namespace sealwarden {

// A set of ids that nearly no id asked for is in: a bit says no at once. One may be added while others ask; who asks for an
// id must come after who added it.
class RareIds {
 public:
  explicit RareIds(size_t expected);
  void add(const ObjectId& id);
  // False: it was not added. True: it may have been.
  [[nodiscard]] bool may_contain(const ObjectId& id) const;

 private:
  std::vector<std::atomic<uint64_t>> bits_;
  uint32_t mask_;
};

// What the recorders of one pass have in common.
struct SoughtObjects {
  explicit SoughtObjects(std::unordered_set<ObjectId> all);
  [[nodiscard]] bool contains(const ObjectId& id) const { return filter.may_contain(id) && targets.contains(id); }

  const std::unordered_set<ObjectId> targets;
  RareIds filter;  // of the targets
  RareIds absent;  // that trees name and the store has not
  // Of the names that a watch wants to have kept, by a few of their bytes; the same holds as for RareIds.
  static constexpr size_t kShapes = 4096;
  std::array<std::atomic<bool>, kShapes> kept_shapes{};
};

// What a pass over all trees has to keep so that it can be said afterwards which trees hold which objects: not the entries of
// every tree, but for each tree what it added to and dropped from the one that it was stored as a delta of, and of that
// only subfolders and what may turn out to be of interest. One per worker; TreeIndex puts the recorders together.
class TreeRecorder {
 public:
  static constexpr uint32_t kAbsent = UINT32_MAX;  // as a position: not in the store

  // What is to be kept besides subfolders, targets and absent objects; and a look at all entries on the way.
  class Watch {
   public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    virtual ~Watch() = default;
    // Whether entries of this name are to be kept, whatever they hold: 0 if not, else any number. Asked for the same name
    // now and again; the answer must be the same.
    virtual uint32_t judge_name(std::string_view name) = 0;
    // An entry that the tree does not share with its base. `judgement`: of its name; `position`: in the store's list, or
    // kAbsent.
    virtual void see_entry(const TreeEntry& entry, uint32_t judgement, uint32_t position) = 0;
  };

  // All three must outlive the recorder's last record().
  TreeRecorder(const ObjectStore& store, SoughtObjects& sought, Watch& watch);
  // False: the tree is broken. `memory` is set to what the tree's deltas want to have (null if it has none, or is broken).
  bool record(const VisitedObject& tree, std::shared_ptr<const VisitedObject::Memory>& memory);

 private:
  friend class TreeIndex;
  struct Entry {
    uint32_t tree;    // position
    uint32_t object;  // position; of an absent one: its number among absent_, with kAbsentMode in `mode`
    uint32_t name;
    uint32_t mode;
  };
  static constexpr uint32_t kAbsentMode = uint32_t{1} << 31;
  struct Derived {
    uint32_t base, tree;  // positions
  };

  void note_added(uint32_t tree, const TreeEntry& entry);
  void note_dropped(uint32_t tree, const TreeEntry& entry);
  uint32_t judge(std::string_view name);
  uint32_t number_of(std::string_view name);
  uint32_t number_of_absent(const ObjectId& id);
  uint32_t position_of(const ObjectId& id);
  void keep(std::vector<Entry>& list, uint32_t tree, const TreeEntry& entry, uint32_t position);

  const ObjectStore& store_;
  SoughtObjects& sought_;
  Watch& watch_;
  TreeChange change_;
  struct Near {
    ObjectId id;
    uint32_t position = kAbsent;
  };
  std::vector<Near> near_;  // ids that were looked up lately, by their first bits
  struct NearName {
    std::string name;
    uint32_t judgement = 0;
    bool is_set = false;
  };
  std::vector<NearName> near_names_;  // the same for names, by their hash
  std::deque<std::string> names_;     // of what is kept
  std::unordered_map<std::string_view, uint32_t> name_numbers_;
  std::vector<ObjectId> absent_;
  std::unordered_map<ObjectId, uint32_t> absent_numbers_;
  std::vector<Entry> added_, dropped_;
  std::vector<Derived> derived_;
};

}  // namespace sealwarden
