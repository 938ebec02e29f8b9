// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

// Why something that was to be scanned was not. Each has a name for reports and says whether it is a loss.
enum class Skip : uint8_t {
  missing_object,       // loss: an object that is reached from a root is not there
  missing_promised,     // loss: the same in a partial clone, where a promisor remote has it
  missing_unreachable,  // no loss: missing, but only unreachable objects name it
  corrupt_object,       // loss
  corrupt_pack,         // loss
  corrupt_repository,   // loss: a ref, reflog, index or other file of the repository that breaks its format
  unreadable_file,      // loss: permission, I/O error
  unreadable_input,     // loss: a part of standard input that breaks its format, or does not hold the content
  vanished_file,        // loss: listed, then gone or changed while it was read
  shallow_boundary,     // loss: parents of a shallow clone's boundary
  limit,                // loss: a limit or budget was hit
  interrupted,          // loss: SIGINT, the rest was not looked at
  unread_document,      // loss: a file that policy rules look at breaks its format
  submodule,            // no loss: a link to another repository
  lfs_pointer,          // no loss: the content is on a server
  ignored_file,         // no loss: .gitignore or an exclude
  symlink_not_followed, // no loss: its target text is scanned, what it points at is not
  special_file,         // no loss: socket, device, pipe
  encrypted_content,    // no loss: a member of an archive that needs a password
  unsupported_content,  // no loss: packed in a way that is not read
  damaged_content,      // no loss: an archive or document that breaks its format; what could be read of it was scanned
};
std::string_view name_of(Skip);
bool is_loss(Skip);            // without --strict
bool strict_is_loss(Skip);     // with --strict: also submodule, lfs_pointer, missing_unreachable, ignored_file, what is packed and was not read

// The account of everything that was to be scanned. Thread-safe; its content does not depend on the order of calls.
class Ledger {
 public:
  struct Row {
    Skip reason;
    bool loss;
    uint64_t count;
    std::vector<std::string> examples;  // the smallest few, sorted
  };

  explicit Ledger(bool strict = false) : strict_(strict) {}

  // Counts one thing not scanned. `example` names it (path or object) and the cause.
  void skip(Skip reason, std::string example);
  // Counts what was scanned; call with sums, not per blob.
  void scanned(uint64_t blobs, uint64_t bytes);

  [[nodiscard]] uint64_t scanned_blobs() const;
  [[nodiscard]] uint64_t scanned_bytes() const;
  [[nodiscard]] std::vector<Row> rows() const;  // sorted by reason; only those that occurred
  [[nodiscard]] bool complete() const;          // no row is a loss

  static constexpr size_t kExamples = 10;

 private:
  struct Entry {
    uint64_t count = 0;
    std::multiset<std::string> examples;
  };
  const bool strict_;
  mutable std::mutex mutex_;
  uint64_t blobs_ = 0, bytes_ = 0;
  std::map<Skip, Entry> entries_;
};

}  // namespace sealwarden
