// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scanner/decode/unpack.h"
#include "tests/fuzz/fuzz.h"

// Unpacks with a small budget and traps if more is given than it allows.
inline void unpack_within_budget(std::string_view bytes, sealwarden::Container kind) {
  using namespace sealwarden;
  UnpackBudget budget;
  budget.bytes = 1 << 20;
  budget.members = 1000;
  budget.work = 4 << 20;
  uint64_t given = 0, members = 0;
  std::vector<UnpackGap> gaps;
  const TakeMember take = [&](const Member& member) {
    given += member.bytes.size();
    ++members;
    // Each byte is there to be read.
    uint8_t sum = 0;
    for (const char c : member.bytes) sum ^= static_cast<uint8_t>(c);
    static volatile uint8_t sink;
    sink = sum;
  };
  unpack_all(bytes, kind, budget, take, gaps);
  if (given > 1 << 20 || members > 1000 || budget.depth != UnpackBudget().depth) __builtin_trap();
  for (const UnpackGap& gap : gaps) {
    if (gap.message.empty()) __builtin_trap();
  }
}
