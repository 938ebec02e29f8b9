// SPDX-License-Identifier: Apache-2.0
// Encoders that are plainly right, and the slow twin of find_encoded_runs(): the definition of runs in
// scanner/engine/encoded_runs.h, worked through byte by byte over the whole text.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/decode/encoded_runs.h"

namespace encoded_text {

using sealwarden::Bytes;
using sealwarden::EncodedRun;
using sealwarden::Encoding;

inline constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
inline constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

// Bit by bit. Characters `wrap` come after every `width` others; 0: none.
inline std::string to_base64(std::string_view bytes, std::string_view alphabet = kStandard, bool pad = true, size_t width = 0,
                             std::string_view wrap = "\n") {
  std::string bits, out;
  for (const char c : bytes)
    for (int i = 7; i >= 0; --i) bits += (static_cast<unsigned char>(c) >> i & 1) != 0 ? '1' : '0';
  while (bits.size() % 6 != 0) bits += '0';
  for (size_t i = 0; i < bits.size(); i += 6) out += alphabet[std::stoul(bits.substr(i, 6), nullptr, 2)];
  while (pad && out.size() % 4 != 0) out += '=';
  if (width == 0) return out;
  std::string wrapped;
  for (size_t i = 0; i < out.size(); i += width) wrapped += (i == 0 ? "" : std::string(wrap)) + out.substr(i, width);
  return wrapped;
}

// Each byte as `before`, two digits and `after`.
inline std::string to_hex(std::string_view bytes, std::string_view before = "", std::string_view after = "", bool capitals = false) {
  std::string out;
  for (const char c : bytes) {
    const std::string_view digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
    const auto value = static_cast<unsigned char>(c);
    out.append(before).append({digits[value >> 4], digits[value & 15]}).append(after);
  }
  return out;
}

struct Range { size_t begin, end; };

inline char at(Bytes text, size_t i) { return i < text.size() ? text[i] : '\0'; }

// All pieces of an alphabet.
inline std::vector<Range> all_pieces(Bytes text, std::string_view alphabet) {
  std::vector<Range> pieces;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && alphabet.find(text[end]) != Bytes::npos) ++end;
    if (end == i) {
      ++i;
      continue;
    }
    const bool letter = i > 0 && text[i - 1] == '\\' && Bytes("nrt").find(text[i]) != Bytes::npos;
    if (i + letter < end) pieces.push_back({i + letter, end});
    i = end;
  }
  return pieces;
}

inline bool is_wrap(Bytes wrap) {
  for (int indent = 0; indent < 64 && !wrap.empty() && (wrap.back() == ' ' || wrap.back() == '\t'); ++indent) wrap.remove_suffix(1);
  for (const Bytes escape : {"", "\\n", "\\r\\n"})
    for (const Bytes feed : {"", "\n", "\r\n", "\\\n", "\\\r\n"})
      if (!(escape.empty() && feed.empty()) && wrap == std::string(escape) + std::string(feed)) return true;
  return false;
}

inline bool are_joined(Bytes text, Range a, Range b) {
  const size_t first = a.end - a.begin, second = b.end - b.begin;
  if (first < 32 || first > 128 || second > first || !is_wrap(text.substr(a.end, b.begin - a.end))) return false;
  size_t end = b.end;
  for (int pads = 0; pads < 2 && at(text, end) == '='; ++pads) ++end;
  return end >= text.size() || Bytes("\r\n\"'`\\,;)]}<").find(text[end]) != Bytes::npos;
}

inline std::string decode_plainly(Bytes symbols, std::string_view alphabet) {
  std::string bits, out;
  const bool hex = alphabet == kHexDigits;
  for (const char c : symbols) {
    size_t value = alphabet.find(c);
    if (hex && value > 15) value -= 6;
    for (int i = hex ? 3 : 5; i >= 0; --i) bits += (value >> i & 1) != 0 ? '1' : '0';
  }
  for (size_t i = 0; i + 8 <= bits.size(); i += 8) out += static_cast<char>(std::stoul(bits.substr(i, 8), nullptr, 2));
  return out;
}

inline void find_chains_of_pieces(Bytes text, std::string_view alphabet, std::vector<EncodedRun>& out) {
  const bool hex = alphabet == kHexDigits;
  const std::vector<Range> pieces = all_pieces(text, alphabet);
  for (size_t i = 0; i < pieces.size();) {
    size_t last = i, digits = pieces[i].end - pieces[i].begin;
    const size_t first = digits;
    while (last + 1 < pieces.size() && are_joined(text, pieces[last], pieces[last + 1])) {
      ++last;
      digits += pieces[last].end - pieces[last].begin;
    }
    size_t end = pieces[last].end;
    const size_t begin = pieces[i].begin;
    i = last + 1;
    const size_t of_head = hex ? (first >= 36 ? 36 : 30) : std::min<size_t>(first, 24) / 4 * 4;
    if (first < (hex ? 32 : 16) || !sealwarden::may_hold_text(decode_plainly(text.substr(begin, of_head), alphabet))) continue;
    if (hex && digits % 2 != 0) continue;
    for (int pads = 0; pads < 2 && !hex && at(text, end) == '='; ++pads) ++end;
    out.push_back({hex ? Encoding::hex : Encoding::base64, begin, end});
  }
}

inline bool is_word(char c) { return c == '_' || (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80); }

inline size_t item_size(Bytes text, size_t begin) {
  if (at(text, begin) != '0' || (at(text, begin + 1) != 'x' && at(text, begin + 1) != 'X')) return 0;
  size_t size = 2;
  while (size < 4 && begin + size < text.size() && kHexDigits.find(text[begin + size]) != Bytes::npos) ++size;
  if (size == 2 || is_word(at(text, begin + size)) || (begin > 0 && is_word(text[begin - 1]))) return 0;
  return size;
}

inline void find_lists(Bytes text, std::vector<EncodedRun>& out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (item_size(text, i) == 0) continue;
    std::string values;
    size_t end = i, items = 0;
    for (size_t item = i; item_size(text, item) != 0; ++items) {
      end = item + item_size(text, item);
      values += static_cast<char>(std::stoul(std::string(text.substr(item + 2, end - item - 2)), nullptr, 16));
      item = end;
      while (item < end + 80 && item < text.size() && Bytes(" \t\r\n,").find(text[item]) != Bytes::npos) ++item;
      if (item == end) item = text.size();
    }
    if (items >= 16 && sealwarden::may_hold_text(values.substr(0, 12))) out.push_back({Encoding::hex, i, end});
    i = end - 1;
  }
}

inline bool ends_line(char c) { return c == '\n' || c == '\r' || c == '\0'; }

inline size_t reach(Bytes text, size_t from, bool left) {
  size_t distance = 0;
  while (left ? distance < from : from + distance < text.size()) {
    const char c = left ? text[from - distance - 1] : text[from + distance];
    const bool word = is_word(c) || Bytes("-+/=.").find(c) != Bytes::npos;
    if (ends_line(c) || (distance >= 128 && (!word || distance >= 128 + 4096))) break;
    ++distance;
  }
  return left ? from - distance : from + distance;
}

inline void find_chains_of_escapes(Bytes text, Encoding encoding, std::vector<EncodedRun>& out) {
  std::vector<Range> telling;
  std::vector<bool> sure;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto escape = sealwarden::escape_at(encoding, text, i);
    if (!escape.telling) continue;
    telling.push_back({i, i + escape.size});
    sure.push_back(escape.sure);
  }
  for (size_t i = 0; i < telling.size();) {
    size_t last = i;
    while (last + 1 < telling.size() && telling[last + 1].begin <= telling[last].end + 256 &&
           std::none_of(text.begin() + static_cast<ptrdiff_t>(telling[last].end), text.begin() + static_cast<ptrdiff_t>(telling[last + 1].begin), ends_line))
      ++last;
    const auto first = sure.begin() + static_cast<ptrdiff_t>(i), behind = sure.begin() + static_cast<ptrdiff_t>(last + 1);
    if (last + 1 - i >= sealwarden::fewest_escapes(encoding) || std::find(first, behind, true) != behind)
      out.push_back({encoding, reach(text, telling[i].begin, true), reach(text, telling[last].end, false)});
    i = last + 1;
  }
}

// All runs of a text, sorted as find_encoded_runs() sorts.
inline std::vector<EncodedRun> find_slowly(Bytes text) {
  std::vector<EncodedRun> runs;
  for (const std::string_view alphabet : {kStandard, kUrlSafe, kHexDigits}) find_chains_of_pieces(text, alphabet, runs);
  find_lists(text, runs);
  for (const Encoding encoding : {Encoding::percent, Encoding::unicode_escape, Encoding::html_entity, Encoding::quoted_printable,
                                  Encoding::string_escape, Encoding::concatenation})
    find_chains_of_escapes(text, encoding, runs);
  const auto key = [](const EncodedRun& run) { return std::tuple(run.begin, run.end, run.encoding); };
  std::sort(runs.begin(), runs.end(), [&](const EncodedRun& a, const EncodedRun& b) { return key(a) < key(b); });
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  return runs;
}

}  // namespace encoded_text
