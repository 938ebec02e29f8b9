// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scanner/base/bytes.h"

namespace sealwarden {

// What a stream's DecodeParms say of how its rows were prepared for compression, and of LZW.
struct PdfParameters {
  int64_t predictor = 1, colors = 1, bits = 8, columns = 1, early_change = 1;
};

struct PdfDecoded {
  std::string bytes;
  bool is_sound;  // else the packed ones are damaged, or end too early
};

// Filters of PDF streams that no library of ours reads. Each makes at most `most` bytes, and what it could of damaged ones.
// LZW: codes of 9 to 12 bits, the highest first; 256 begins a new table, 257 is the end. `early`: codes grow one code early.
PdfDecoded decode_pdf_lzw(Bytes packed, bool early, size_t most);
// A byte of length: up to 127 that many and one bytes follow, above 128 one byte stands for 257 less it, 128 is the end.
PdfDecoded decode_pdf_run_length(Bytes packed, size_t most);
// Undoes what was done to rows: of PNG (10 and above) each row has a byte before it that says how it differs from the row above
// and the bytes to its left; of TIFF (2) bytes differ from those to their left. None if it is another predictor.
std::optional<std::string> undo_pdf_predictor(std::string rows, const PdfParameters& parameters);

}  // namespace sealwarden
