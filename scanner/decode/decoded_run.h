// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/base/window.h"
#include "scanner/decode/encoded_runs.h"

namespace sealwarden {

// What a run decodes to, with the way back. Owns the decoded text; the original is borrowed. Immutable.
class DecodedRun {
 public:
  [[nodiscard]] Bytes text() const { return text_; }
  [[nodiscard]] const EncodedRun& run() const { return run_; }
  // The smallest range of the original that encodes bytes [begin, end) of text(), where begin < end <= text().size(): the
  // base64 characters that hold any bit of them, the digits of each byte, the whole of an escape. What merely stands between
  // them (wraps, joints, soft line breaks) is no part of it at its ends. Takes as long as decoding a thousand bytes.
  [[nodiscard]] Window original_range(uint64_t begin, uint64_t end) const;

 private:
  // How the run is written: characters with wraps between them, a list of items, or escapes among plain bytes.
  enum class Form : uint8_t { base64, hex, list, escapes };
  // What encodes `weight` of what the form is counted in: characters, items, or bytes of text().
  struct Unit { uint64_t begin, end, weight; };
  struct Mark { uint64_t index, original; };  // before unit `index`, so counted

  friend std::optional<DecodedRun> decode(Bytes original, const EncodedRun& run);
  DecodedRun(Bytes original, const EncodedRun& run);
  void read_characters();
  void read_list();
  void read_escapes();
  void mark(uint64_t index, uint64_t original);
  [[nodiscard]] Unit next_unit(uint64_t at) const;
  [[nodiscard]] Unit find_unit(uint64_t index) const;

  Bytes original_;  // up to the end of the run
  EncodedRun run_;
  Form form_ = Form::escapes;
  std::string text_;
  std::vector<Mark> marks_;
};

// What `run` of `original`, one that find_encoded_runs() gave, decodes to; none if that is neither text nor compressed after
// all. Never larger than the run. The original must live as long as the result. Throws std::bad_alloc.
std::optional<DecodedRun> decode(Bytes original, const EncodedRun& run);

}  // namespace sealwarden
