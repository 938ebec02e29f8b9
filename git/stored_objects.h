// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "git/inflate.h"
#include "git/loose_object.h"
#include "git/mapped_file.h"
#include "git/pack_entry.h"
#include "git/pack_index.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Bounds of what is read without libgit2.
struct StoredLimits {
  size_t object = size_t{1} << 30;  // bytes of one object, also of each base and delta that it is made from
  uint64_t chain = uint64_t{4} << 30;  // of all of them together
  size_t depth = 4096;                 // deltas on deltas; git makes no more
};

// Reads objects by id straight from the loose files and packs of object folders: it starts at once, where libgit2 needs
// longer to start than a commit of a few files takes. It has no second look: whatever is not as it should be (a broken
// pack, a folder that changes meanwhile, a bound that is reached) is an Error, and libgit2 is to be asked. Packs are
// opened when they are first looked at. One per thread.
class StoredObjects {
 public:
  explicit StoredObjects(std::vector<std::string> folders, StoredLimits limits = {});

  // Not in a sound store: an Error of kind not_found.
  Result<StoredObject> load(const ObjectId& id);
  // False if this reader cannot tell.
  bool contains(const ObjectId& id);

 private:
  struct Pack {
    std::string index_path;
    int64_t written = 0;
    bool is_tried = false;  // opened, or found broken and left empty
    MappedFile index_file, pack_file;
    PackIndex index;
  };
  struct Location {
    size_t pack = 0;
    uint64_t offset = 0;
    bool operator==(const Location&) const = default;
  };
  struct Delta {
    Location at;
    PackEntry entry;
  };
  struct Chain {
    StoredObject base;
    std::optional<Location> base_at;  // none: it is a loose object
    std::vector<Delta> deltas;        // to be applied from the last to the first
  };
  // Bases that deltas were applied to: those of the next object are often the same.
  class Bases {
   public:
    std::optional<StoredObject> take(const Location& at);
    void put(const Location& at, StoredObject object);

   private:
    struct Slot {
      Location at;
      StoredObject object;
    };
    static size_t slot_of(const Location& at);
    std::vector<std::optional<Slot>> slots_;  // empty until something is put in
    size_t bytes_ = 0;
  };

  void list_packs();
  void open_pack(Pack& pack);
  std::optional<Location> find_in(size_t pack, const ObjectId& id);
  std::optional<Location> find_packed(const ObjectId& id);
  Result<StoredObject> load_loose(const ObjectId& id);
  Result<Chain> follow(Location at);
  Result<void> step_to_base(const Delta& delta, Chain& chain);
  Result<StoredObject> make(Chain chain);

  std::vector<std::string> folders_;
  StoredLimits limits_;
  Inflater inflater_;
  std::optional<std::vector<Pack>> packs_;  // listed when first needed
  size_t last_pack_ = 0;                    // in which something was found
  Bases bases_;
};

}  // namespace sealwarden
