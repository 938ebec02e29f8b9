// SPDX-License-Identifier: Apache-2.0
// What a pass over a store shows, gathered; and whether what it says of bases is true.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "git/object_pass.h"
#include "tests/support/catch.h"

namespace sealwarden {

struct SeenObject {
  ObjectType type;
  size_t size, hash;
  bool operator==(const SeenObject&) const = default;
};

inline SeenObject seen_as(ObjectType type, Bytes bytes) { return {type, bytes.size(), std::hash<std::string_view>()(bytes)}; }

struct SeenPass {
  std::map<ObjectId, SeenObject> objects;
  std::map<ObjectId, Error> unreadable;
  size_t repeats = 0, derived = 0;  // of the visits
  std::string problem;              // the first thing that was wrong; empty if nothing was
};

class CollectingVisitor : public ObjectVisitor {
 public:
  CollectingVisitor(const ObjectStore& store, SeenPass& seen, std::mutex& mutex) : store_(store), seen_(seen), mutex_(mutex) {}

  std::shared_ptr<const VisitedObject::Memory> visit(const VisitedObject& object) override {
    const std::lock_guard lock(mutex_);
    const auto say = [&](const char* what) {
      if (seen_.problem.empty()) seen_.problem = object.id.hex() + ": " + what;
    };
    if (store_.objects()[object.position].id != object.id) say("another position");
    if (object.base != nullptr) check_base(object, say);
    if (object.is_repeat) ++seen_.repeats;
    else if (!seen_.objects.emplace(object.id, seen_as(object.type, object.bytes)).second) say("shown twice");
    return object.has_deltas ? std::make_shared<Mark>(object.position, object.bytes.size()) : nullptr;
  }
  void note_unreadable(const ObjectId& id, const Error& cause) override {
    const std::lock_guard lock(mutex_);
    if (!seen_.unreadable.emplace(id, cause).second && seen_.problem.empty()) seen_.problem = id.hex() + ": told twice";
  }

 private:
  struct Mark : VisitedObject::Memory {
    Mark(uint32_t position, size_t size) : position(position), size(size) {}
    uint32_t position;
    size_t size;
  };

  template <class Say>
  void check_base(const VisitedObject& object, const Say& say) {
    ++seen_.derived;
    const VisitedObject::Base& base = *object.base;
    const auto* mark = static_cast<const Mark*>(base.memory);
    if (mark == nullptr || mark->position != base.position || mark->size != base.bytes.size()) say("another base's memory");
    uint64_t at = 0;
    for (const CopiedRegion& region : base.copied) {
      if (region.size == 0 || region.begin < at || region.end() > object.bytes.size() || region.base_end() > base.bytes.size())
        say("a region out of order or bounds");
      else if (object.bytes.substr(region.begin, region.size) != base.bytes.substr(region.base_begin, region.size))
        say("a region that was not copied");
      at = region.end();
    }
  }

  const ObjectStore& store_;
  SeenPass& seen_;
  std::mutex& mutex_;
};

inline SeenPass see_all_objects(const ObjectStore& store, const PassOptions& options = {}) {
  SeenPass seen;
  std::mutex mutex;
  std::deque<CollectingVisitor> visitors;
  const auto make = [&](size_t) -> ObjectVisitor& {
    const std::lock_guard lock(mutex);
    return visitors.emplace_back(store, seen, mutex);
  };
  ObjectPass pass(store, options);
  pass.show_all_but_trees(make);
  for (const auto& [id, object] : seen.objects)
    if (object.type == ObjectType::tree) seen.problem = id.hex() + ": a tree in the first run";
  const size_t others = seen.objects.size();
  pass.show_trees(make);
  size_t trees = 0;
  for (const auto& [id, object] : seen.objects) trees += object.type == ObjectType::tree ? 1 : 0;
  if (others + trees != seen.objects.size()) seen.problem = "something else than trees in the second run";
  return seen;
}

}  // namespace sealwarden
