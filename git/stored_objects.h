// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "git/inflate.h"
#include "git/loose_object.h"
#include "git/open_pack.h"
#include "git/pack_entry.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Bounds of what is read.
struct StoredLimits {
  size_t object = size_t{1} << 30;  // bytes of one object, also of each base and delta that it is made from
  uint64_t chain = uint64_t{4} << 30;  // of all of them together
  size_t depth = 4096;                 // deltas on deltas; git makes no more
};

// Reads objects by id straight from the loose files and packs of object folders: loose before packed, the repository's
// own before those of alternates, the newest pack first. A copy that is broken does not hide a good one. Packs
// are opened when they are first looked at, and listed anew if their folder has changed when something is not found: git
// may have packed everything afresh meanwhile. One per thread.
class StoredObjects {
 public:
  explicit StoredObjects(std::vector<std::string> folders, StoredLimits limits = {});

  // Nowhere: an Error of kind not_found; only in broken copies: corrupt or limit, naming the last of them.
  Result<StoredObject> load(const ObjectId& id);
  bool contains(const ObjectId& id);

 private:
  struct Pack {
    std::string index_path;
    int64_t written = 0;
    bool is_tried = false;  // opened, or found broken and left empty
    OpenPack files;
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

  struct Stamp {
    int64_t seconds = 0, nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
  };
  [[nodiscard]] std::vector<Stamp> stamps() const;
  void list_packs();
  Result<StoredObject> load_once(const ObjectId& id);
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
  std::vector<Stamp> listed_;               // when the pack folders were changed last as they were listed
  size_t last_pack_ = 0;                    // in which something was found
  Bases bases_;
};

}  // namespace sealwarden
