// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "git/object_store.h"
#include "scanner/base/copied_region.h"

namespace sealwarden {

// What a pass shows of an object.
struct VisitedObject {
  // What a visitor wants to have at hand when deltas of an object are visited. Shared by all workers, so immutable.
  struct Memory {
    Memory() = default;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    virtual ~Memory() = default;
  };
  // The object that this one was stored as a delta of: of the same type, and visited before by some worker.
  struct Base {
    uint32_t position;     // in the store's list
    Bytes bytes;
    const Memory* memory;  // what its visit returned; may be null
    std::span<const CopiedRegion> copied;
  };

  ObjectId id;
  uint32_t position = 0;  // in the store's list
  ObjectType type = ObjectType::blob;
  Bytes bytes;
  const Base* base = nullptr;  // null: not a delta, or its base was not visited
  bool has_deltas = false;     // what visit() returns will be used
  bool is_repeat = false;      // a second copy, shown because deltas hang on it: only what visit() returns is of interest
};

// One worker's part in a pass.
class ObjectVisitor {
 public:
  ObjectVisitor() = default;
  ObjectVisitor(const ObjectVisitor&) = delete;
  ObjectVisitor& operator=(const ObjectVisitor&) = delete;
  virtual ~ObjectVisitor() = default;
  // All views are valid during the call only.
  virtual std::shared_ptr<const VisitedObject::Memory> visit(const VisitedObject& object) = 0;
  // No copy of the object could be read.
  virtual void note_unreadable(const ObjectId& id, const Error& cause) = 0;
};

struct PassOptions {
  bool whole = false;       // show no bases
  bool verify_ids = false;  // compute each object's id from its bytes; a wrong one is unreadable
  size_t object_limit = 0;  // bytes an object may have; 0: 4 GiB or half of the machine's memory, whichever is less
  size_t kept_limit = size_t{24} << 20;  // bytes of bases a worker keeps; beyond it they are read again when needed
  // Packed objects above so many bytes are read by one worker at a time; what fails there is read again by all.
  size_t large = size_t{256} << 20;
};

// Shows objects of a store, in parallel, each pack's in the order of its PackForest: a base is in memory while its deltas
// are made of it. What cannot be read there, or does not have the checksum that the pack's index states, is read by
// ObjectStore::Loader, and then counts only if its bytes have its id. Borrows the store.
class ObjectPass {
 public:
  explicit ObjectPass(const ObjectStore& store, const PassOptions& options = {});
  ObjectPass(const ObjectPass&) = delete;
  ObjectPass& operator=(const ObjectPass&) = delete;
  ~ObjectPass();

  // Two runs make a whole: first all objects that are no trees, then the trees. Each object is shown, or told as unreadable,
  // once; of what cannot be read the type is not known, so it is told in the first run. Ends early when a stop is
  // requested. `make_visitor(worker)` is called at most once a worker, by its own thread; visitors must outlive the call.
  using MakeVisitor = std::function<ObjectVisitor&(size_t worker)>;
  void show_all_but_trees(const MakeVisitor& make_visitor);
  void show_trees(const MakeVisitor& make_visitor);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sealwarden
