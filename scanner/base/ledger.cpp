// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/ledger.h"

#include <array>

namespace sealwarden {
namespace {

struct Reason {
  std::string_view name;
  bool loss;
  bool strict_loss;
};
constexpr std::array<Reason, 21> kReasons = {{
    {"missing object", true, true},
    {"missing object (partial clone)", true, true},
    {"missing object under unreachable roots", false, true},
    {"corrupt object", true, true},
    {"corrupt pack", true, true},
    {"corrupt repository file", true, true},
    {"unreadable file", true, true},
    {"unreadable part of the input", true, true},
    {"file changed during the scan", true, true},
    {"shallow boundary", true, true},
    {"limit reached", true, true},
    {"interrupted", true, true},
    {"document that could not be read", true, true},
    {"submodule", false, true},
    {"LFS pointer", false, true},
    {"ignored file", false, true},
    {"symlink not followed", false, false},
    {"special file", false, false},
    {"encrypted content", false, true},
    {"content in an unsupported format", false, true},
    {"damaged archive or document", false, true},
}};
const Reason& reason_of(Skip skip) { return kReasons[static_cast<size_t>(skip)]; }

}  // namespace

std::string_view name_of(Skip skip) { return reason_of(skip).name; }
bool is_loss(Skip skip) { return reason_of(skip).loss; }
bool strict_is_loss(Skip skip) { return reason_of(skip).strict_loss; }

void Ledger::skip(Skip reason, std::string example) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[reason];
  ++entry.count;
  entry.examples.insert(std::move(example));
  if (entry.examples.size() > kExamples) entry.examples.erase(std::prev(entry.examples.end()));
}

void Ledger::scanned(uint64_t blobs, uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  blobs_ += blobs;
  bytes_ += bytes;
}

uint64_t Ledger::scanned_blobs() const {
  const std::lock_guard lock(mutex_);
  return blobs_;
}

uint64_t Ledger::scanned_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::vector<Ledger::Row> Ledger::rows() const {
  const std::lock_guard lock(mutex_);
  std::vector<Row> rows;
  for (const auto& [reason, entry] : entries_)
    rows.push_back({reason, strict_ ? strict_is_loss(reason) : is_loss(reason), entry.count,
                    {entry.examples.begin(), entry.examples.end()}});
  return rows;
}

bool Ledger::complete() const {
  for (const Row& row : rows())
    if (row.loss) return false;
  return true;
}

}  // namespace sealwarden
