// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rules/rule.h"
#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Which rule an anchor belongs to and how far around its end the rule's match may lie.
struct AnchorInfo {
  uint32_t rule;    // index into RuleSet::rules
  uint32_t before;  // bytes before the anchor's END that a match may start: anchor width + Anchor::before
  uint32_t after;   // bytes behind the anchor's END that a match may end
  uint32_t width;   // widest hit of the anchor, bytes: how far pieces must overlap

  bool operator==(const AnchorInfo&) const = default;
};

// The anchors that are searched for a rule: its own, or the regex itself. Empty for file rules.
std::vector<Anchor> effective_anchors(const Rule& rule);

// The anchors of some rules, compiled: rules in order, anchors in order; Hyperscan's id i is infos[i].
struct CompiledAnchors {
  std::vector<AnchorInfo> infos;  // rule: index into the compiled rules
  std::string database;           // serialised by Hyperscan; empty if there are no anchors
};

enum class TargetCpu : uint8_t { host, lowest };

// An anchor that Hyperscan refuses is an Error of kind usage with the rule's origin.
Result<CompiledAnchors> compile_anchors(std::span<const Rule> rules, TargetCpu cpu);

// The database as Hyperscan keeps it in memory, to be used where it lies if that is a multiple of kImageAlignment bytes: what
// reading it anew would copy, and touch a thousand pages for. An Error of kind internal if the library does not take it.
inline constexpr size_t kImageAlignment = 64;
Result<std::string> memory_image(Bytes database);

// count:u32 (rule:u32 before:u32 after:u32 width:u32)* database; numbers little-endian.
std::string encode_anchors(const CompiledAnchors& anchors);
// Borrows `bytes` for the database. An Error of kind corrupt for anything that encode_anchors() cannot have
// written.
struct DecodedAnchors {
  std::vector<AnchorInfo> infos;
  Bytes database;
};
Result<DecodedAnchors> decode_anchors(Bytes bytes);

}  // namespace sealwarden
