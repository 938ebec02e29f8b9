// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/pdf_filters.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

namespace sealwarden {
namespace {

// Of the bytes to the left, above, and above that one, the one that is nearest to left + above - corner.
int nearest(int left, int above, int corner) {
  const int guess = left + above - corner;
  const int to_left = std::abs(guess - left), to_above = std::abs(guess - above), to_corner = std::abs(guess - corner);
  if (to_left <= to_above && to_left <= to_corner) return left;
  return to_above <= to_corner ? above : corner;
}

int png_guess(int kind, char left, char above, char corner) {
  const int a = static_cast<uint8_t>(left), b = static_cast<uint8_t>(above);
  switch (kind) {
    case 1: return a;
    case 2: return b;
    case 3: return (a + b) / 2;
    case 4: return nearest(a, b, static_cast<uint8_t>(corner));
    default: return 0;
  }
}

}  // namespace

PdfDecoded decode_pdf_lzw(Bytes packed, bool early, size_t most) {
  constexpr unsigned kNewTable = 256, kEnd = 257, kFirst = 258, kLast = 4096;
  struct Entry { size_t begin, size; };  // what a code stands for lies in what was made before
  std::vector<Entry> table;
  std::string made;
  Entry last{0, 0};
  unsigned width = 9, count = 0;
  uint32_t bits = 0;
  for (const char c : packed) {
    bits = bits << 8 | static_cast<uint8_t>(c);
    count += 8;
    if (count < width) continue;
    const unsigned code = bits >> (count - width) & ((1U << width) - 1);
    count -= width;
    if (code == kEnd) return {std::move(made), true};
    if (code == kNewTable) {
      table.clear();
      last = {0, 0};
      width = 9;
      continue;
    }
    const Entry now{made.size(), code < kNewTable ? 1 : code - kFirst < table.size() ? table[code - kFirst].size : last.size + 1};
    if (now.size > most - made.size()) return {std::move(made), true};
    if (last.size != 0 && table.size() + kFirst < kLast) table.push_back({last.begin, last.size + 1});
    if (code < kNewTable) {
      made += static_cast<char>(code);
    } else if (code - kFirst < table.size()) {  // its last byte may be the first that it makes
      for (size_t i = 0; i < now.size; ++i) made += made[table[code - kFirst].begin + i];
    } else {
      break;
    }
    last = now;
    const size_t next = table.size() + kFirst + (early ? 1 : 0) + 1;
    width = next > 2048 ? 12 : next > 1024 ? 11 : next > 512 ? 10 : 9;
  }
  return {std::move(made), false};
}

PdfDecoded decode_pdf_run_length(Bytes packed, size_t most) {
  std::string made;
  for (size_t i = 0; i < packed.size() && made.size() < most;) {
    const unsigned length = static_cast<uint8_t>(packed[i++]);
    if (length == 128) break;
    const size_t taken = length < 128 ? length + 1 : 1;
    const Bytes piece = packed.substr(i, taken);
    if (length < 128) {
      made += piece;
    } else if (!piece.empty()) {
      made.append(257 - length, piece[0]);
    }
    if (piece.size() < taken) return {std::move(made), false};
    i += taken;
  }
  return {std::move(made), true};
}

std::optional<std::string> undo_pdf_predictor(std::string prepared, const PdfParameters& parameters) {
  constexpr int64_t kMost = 1 << 20;
  const auto& p = parameters;
  if (p.predictor == 1) return prepared;
  const bool is_png = p.predictor >= 10 && p.predictor <= 15;
  const bool is_sane = p.colors >= 1 && p.colors <= 64 && p.bits >= 1 && p.bits <= 32 && p.columns >= 1 && p.columns <= kMost;
  if (!is_sane || (!is_png && (p.predictor != 2 || p.bits != 8))) return std::nullopt;
  const auto step = static_cast<size_t>(std::max<int64_t>(1, p.colors * p.bits / 8));
  const auto width = static_cast<size_t>((p.colors * p.bits * p.columns + 7) / 8);
  // In place: what is made is never longer than what it is made of.
  const std::string zeros(width, '\0');
  const char* above = zeros.data();
  size_t from = 0, to = 0;
  while (from < prepared.size()) {
    const int kind = is_png ? prepared[from++] : 1;
    const size_t size = std::min(width, prepared.size() - from);
    char* row = prepared.data() + to;
    for (size_t i = 0; i < size; ++i) {
      const char left = i < step ? '\0' : row[i - step], corner = i < step ? '\0' : above[i - step];
      row[i] = static_cast<char>(prepared[from + i] + png_guess(kind, left, above[i], corner));
    }
    above = row;
    from += size;
    to += size;
  }
  prepared.resize(to);
  return prepared;
}

}  // namespace sealwarden
