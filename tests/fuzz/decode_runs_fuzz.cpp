// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/decoded_run.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/encoded_text.h"

// Encoded runs of any bytes: the finder must say what its slow twin says, for the whole and for a range that the first bytes
// choose, and what a run decodes to must map back into it.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  if (size < 4) return 0;
  const Bytes text = as_bytes(data + 4, size - 4);
  const uint64_t from = (data[0] | data[1] << 8) % (text.size() + 1), to = from + (data[2] | data[3] << 8) % (text.size() - from + 1);
  const std::vector<EncodedRun> expected = encoded_text::find_slowly(text);
  std::vector<EncodedRun> whole, part, touching;
  find_encoded_runs(text, 0, text.size(), whole);
  if (whole != expected) __builtin_trap();
  find_encoded_runs(text, from, to, part);
  for (const EncodedRun& run : expected)
    if (run.begin <= to && run.end >= from) touching.push_back(run);
  if (part != touching) __builtin_trap();
  for (const EncodedRun& run : whole) {
    const auto decoded = decode(text, run);
    if (!decoded || decoded->text().empty()) continue;
    const uint64_t last = decoded->text().size();
    if (last > run.end - run.begin) __builtin_trap();
    Window before{run.begin, run.begin};
    for (uint64_t at = 0; at < last; at += 1 + last / 64) {
      const Window range = decoded->original_range(at, at + 1);
      if (range.begin < before.begin || range.end < before.end || range.begin >= range.end || range.end > run.end) __builtin_trap();
      before = range;
    }
  }
  return 0;
}
