// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/scalar_origin.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>

#include "scanner/base/ascii.h"
#include "scanner/doc/base64.h"
#include "scanner/doc/utf8_text.h"
#include "scanner/doc/wide_text.h"

namespace sealwarden {
namespace {

using Kind = OriginPiece::Kind;

// Collects pieces; stretches that go on each other become one.
class OriginWriter {
 public:
  void same(uint32_t size, uint32_t from) {
    if (size == 0) return;
    if (!pieces_.empty() && pieces_.back().kind == Kind::same && pieces_.back().from.end == from) {
      pieces_.back().from.end += size;
    } else {
      pieces_.push_back({text_, {from, from + size}, Kind::same});
    }
    text_ += size;
  }
  void whole(uint32_t size, Span from) {
    if (size == 0) return;
    pieces_.push_back({text_, from, Kind::whole});
    text_ += size;
  }
  void letters(uint32_t size, Span from, uint8_t phase) {
    if (size == 0) return;
    pieces_.push_back({text_, from, Kind::letters, phase});
    text_ += size;
  }
  TextOrigin finish() {
    const uint32_t end = pieces_.empty() ? 0 : pieces_.back().from.end;
    pieces_.push_back({text_, {end, end}, Kind::same});
    return std::move(pieces_);
  }

 private:
  TextOrigin pieces_;
  uint32_t text_ = 0;
};

TextOrigin as_a_whole(std::string_view text, Span from) {
  OriginWriter out;
  out.whole(static_cast<uint32_t>(text.size()), from);
  TextOrigin origin = out.finish();
  if (text.empty()) origin.back().from = {from.begin, from.begin};
  return origin;
}

// How the source of a text may differ from it.
struct Writing {
  bool has_backslashes = false;
  bool has_doubled_quotes = false;  // 'it''s'
  bool has_entities = false;        // XML: also sections and comments
  bool has_doubled_dollars = false;  // HCL: $${ and %%{
  bool is_latin = false;
  bool is_block = false;            // lines lose their indentation
};

// Walks a source and its text side by side. Each step takes what makes the next byte of the text, or passes over what makes none.
class Aligner {
 public:
  Aligner(Bytes source, Span span, std::string_view text, Writing writing)
      : source_(source.substr(0, span.end)), at_(span.begin), text_(text), writing_(writing) {}
  // Whether the text was found to the end; then finish() tells its origin.
  bool run() {
    while (done_ < text_.size() && at_ < source_.size()) {
      if (!step()) return false;
    }
    // The ends of a block's last lines are not in its span, and need not be in the file.
    if (text_.find_first_not_of('\n', done_) != std::string_view::npos) return false;
    out_.whole(static_cast<uint32_t>(text_.size() - done_), {at_, at_});
    return std::all_of(source_.begin() + at_, source_.end(), [](char c) { return is_space(c) || c == '\\'; });
  }
  TextOrigin finish() { return out_.finish(); }

 private:
  bool step();
  bool escape();
  bool entity();
  bool take(uint32_t size, std::string_view made);
  void indentation();
  [[nodiscard]] bool is_at(std::string_view what) const { return source_.substr(at_).starts_with(what); }

  Bytes source_;
  uint32_t at_;
  std::string_view text_;
  size_t done_ = 0;
  Writing writing_;
  OriginWriter out_;
  bool is_line_start_ = true;
};

// Takes `size` bytes of the source, if what they make is what comes next in the text.
bool Aligner::take(uint32_t size, std::string_view made) {
  if (!text_.substr(done_).starts_with(made)) return false;
  out_.whole(static_cast<uint32_t>(made.size()), {at_, at_ + size});
  done_ += made.size();
  at_ += size;
  return true;
}

// The value of `digits` hexadecimal digits; UINT32_MAX: they are not there.
uint32_t hex_at(Bytes source, size_t at, size_t digits) {
  if (at + digits > source.size()) return UINT32_MAX;
  uint32_t value = 0;
  for (const char c : source.substr(at, digits)) {
    if (!is_hex_digit(c)) return UINT32_MAX;
    value = value << 4 | static_cast<uint32_t>(is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10);
  }
  return value;
}

// What a letter behind a backslash stands for, in any of the formats; empty: nothing but itself.
std::string_view made_by(char letter) {
  switch (letter) {
    case '0': return {"\0", 1};
    case 'a': return "\a";
    case 'b': return "\b";
    case 't': case '\t': return "\t";
    case 'n': return "\n";
    case 'v': return "\v";
    case 'f': return "\f";
    case 'r': return "\r";
    case 'e': return "\x1B";
    case 'N': return "\xC2\x85";
    case '_': return "\xC2\xA0";
    case 'L': return "\xE2\x80\xA8";
    case 'P': return "\xE2\x80\xA9";
    default: return {};
  }
}

bool Aligner::escape() {
  if (at_ + 1 >= source_.size()) return false;
  const char c = source_[at_ + 1];
  if (c == '\n' || c == '\r') {  // the line goes on in the next, perhaps with a blank between
    const uint32_t size = source_.substr(at_ + 1).starts_with("\r\n") ? 3 : 2;
    if (text_[done_] == ' ' && !(at_ + size < source_.size() && is_space(source_[at_ + size])) && take(size, " ")) return true;
    at_ += size;
    while (at_ < source_.size() && is_space(source_[at_])) ++at_;
    return true;
  }
  if (const std::string_view made = made_by(c); !made.empty() && take(2, made)) return true;
  const size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (uint32_t value = digits == 0 ? UINT32_MAX : hex_at(source_, at_ + 2, digits); value != UINT32_MAX) {
    auto size = static_cast<uint32_t>(2 + digits);
    if (value >= 0xD800 && value < 0xDC00 && source_.substr(at_ + size).starts_with("\\u")) {
      const uint32_t low = hex_at(source_, at_ + size + 2, 4);
      if (low >= 0xDC00 && low < 0xE000) {
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        size += 6;
      }
    }
    std::string made;
    append_code_point(made, value);
    if (take(size, made)) return true;
  }
  return take(2, {&c, 1});
}

bool Aligner::entity() {
  const size_t end = source_.substr(at_, 12).find(';');
  if (end == std::string_view::npos) return false;
  const auto size = static_cast<uint32_t>(end + 1);
  const std::string_view name = source_.substr(at_ + 1, end - 1);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}}};
  for (const auto& [known, made] : kNames)
    if (name == known) return take(size, made);
  if (!name.starts_with('#') || name.size() < 2) return false;
  uint32_t value = 0;
  if (name[1] == 'x' || name[1] == 'X') {
    value = hex_at(source_, at_ + 3, name.size() - 2);
  } else {
    for (const char c : name.substr(1)) {
      if (!is_digit(c)) return false;
      value = std::min<uint32_t>(value * 10 + static_cast<uint32_t>(c - '0'), 0x110000);
    }
  }
  std::string made;
  append_code_point(made, value);
  return take(size, made);
}

// Passes over the blanks at a line's start that the text has fewer of.
void Aligner::indentation() {
  size_t blanks = 0, wanted = 0;
  while (at_ + blanks < source_.size() && is_blank(source_[at_ + blanks])) ++blanks;
  while (done_ + wanted < text_.size() && is_blank(text_[done_ + wanted])) ++wanted;
  if (blanks > wanted) at_ += static_cast<uint32_t>(blanks - wanted);
  is_line_start_ = false;
}

bool Aligner::step() {
  if (writing_.is_block && is_line_start_) {
    indentation();
    if (at_ >= source_.size()) return true;
  }
  const char c = source_[at_];
  if (writing_.has_backslashes && c == '\\' && escape()) return true;
  if (writing_.has_doubled_quotes && is_at("''") && take(2, "'")) return true;
  if (writing_.has_doubled_dollars && (is_at("$${") || is_at("%%{")) && take(2, source_.substr(at_, 1))) return true;
  if (writing_.has_entities) {
    if (c == '&' && entity()) return true;
    for (const std::string_view mark : {std::string_view("<![CDATA["), std::string_view("]]>")})
      if (is_at(mark) && !text_.substr(done_).starts_with(mark)) {
        at_ += static_cast<uint32_t>(mark.size());
        return true;
      }
  }
  if (writing_.is_latin && static_cast<unsigned char>(c) >= 0x80) {
    std::string made;
    append_code_point(made, static_cast<unsigned char>(c));
    return take(1, made);
  }
  if (c == text_[done_]) {
    out_.same(1, at_++);
    ++done_;
    is_line_start_ = c == '\n';
    return true;
  }
  if (c == '\n' && text_[done_] == ' ') return take(1, " ");
  if (c == '\r' && text_[done_] == '\n') return take(is_at("\r\n") ? 2 : 1, "\n");
  if (!is_space(c)) return false;
  ++at_;
  is_line_start_ = c == '\n' || c == '\r';
  return true;
}

// The part of a scalar's source between its marks, and how it is written.
Writing writing_of(DocumentFormat format, uint16_t flags, Bytes source, Span& span) {
  Writing writing;
  const auto text = [&] { return source.substr(span.begin, span.end - span.begin); };
  writing.has_doubled_dollars = format == DocumentFormat::hcl;
  writing.has_entities = format == DocumentFormat::xml;
  const char first = text().empty() ? ' ' : text().front();
  if ((flags & kBlock) != 0) {
    writing.is_block = true;
    if (first == '|' || first == '>' || text().starts_with("<<")) {  // the header's line
      const size_t line = text().find('\n');
      if (first == '<') span.end = span.begin + static_cast<uint32_t>(std::min(text().rfind('\n'), text().size() - 1)) + 1;
      span.begin = line == std::string_view::npos ? span.end : span.begin + static_cast<uint32_t>(line) + 1;
      return writing;
    }
  }
  const bool is_quote = first == '"' || first == '\'' || first == '`';
  const std::string triple(3, first);
  if (is_quote && text().size() >= 6 && text().starts_with(triple) && text().ends_with(triple)) {
    span = {span.begin + 3, span.end - 3};
    writing.has_backslashes = first == '"';
    writing.is_block = false;
    for (const std::string_view line : {"\r\n", "\n"})  // at the front it is no part of the text
      if (text().starts_with(line)) {
        span.begin += static_cast<uint32_t>(line.size());
        break;
      }
  } else if (is_quote && text().size() >= 2 && text().back() == first && ((flags & kQuoted) != 0 || writing.has_entities)) {
    span = {span.begin + 1, span.end - 1};
    writing.has_backslashes = first == '"' && !writing.has_entities;
    writing.has_doubled_quotes = first == '\'' && format != DocumentFormat::json;
    if (format == DocumentFormat::json) writing.has_backslashes = true;
  } else {
    writing.has_backslashes = format == DocumentFormat::properties || format == DocumentFormat::ini || format == DocumentFormat::dockerfile ||
                              format == DocumentFormat::nginx;
  }
  return writing;
}

// The origin of a text in the UTF-8 (or Latin-1) source that it was read from.
TextOrigin align(DocumentFormat format, uint16_t flags, Bytes source, Span span, std::string_view text) {
  if (text.empty()) return as_a_whole(text, span);
  Span inner = span;
  Writing writing = writing_of(format, flags, source, inner);
  Aligner aligner(source, inner, text, writing);
  if (aligner.run()) return aligner.finish();
  writing.is_latin = true;
  if (format == DocumentFormat::properties) {
    Aligner latin(source, inner, text, writing);
    if (latin.run()) return latin.finish();
  }
  Aligner bare(source, span, text, {.has_backslashes = writing.has_backslashes, .has_entities = writing.has_entities});
  if (inner != span && bare.run()) return bare.finish();
  return as_a_whole(text, span);
}

bool is_view_of(std::string_view text, Bytes source) {
  return text.data() != nullptr && std::greater_equal<>()(text.data(), source.data()) &&
         std::less_equal<>()(text.data() + text.size(), source.data() + source.size());
}

// The origin in wide text: each character's own bytes.
TextOrigin align_wide(WideForm form, DocumentFormat format, uint16_t flags, Bytes source, Span span, std::string_view text) {
  const uint32_t unit = form == WideForm::utf32_le || form == WideForm::utf32_be ? 4 : 2;
  if (span.begin < unit || span.end < span.begin || span.end > source.size()) return as_a_whole(text, span);
  const uint32_t shift = span.begin - unit;  // what stands in the place of a mark is passed over
  const WideText wide(form, source.substr(shift, span.end - shift));
  const Bytes narrow = wide.text();
  const auto moved = [&](uint32_t at) { return wide.original(narrow, at) + shift; };
  const TextOrigin origin = align(format, flags, narrow, {0, static_cast<uint32_t>(narrow.size())}, text);
  OriginWriter out;
  for (size_t i = 0; i + 1 < origin.size(); ++i) {
    const uint32_t size = origin[i + 1].text - origin[i].text;
    if (origin[i].kind != Kind::same) {
      out.whole(size, {moved(origin[i].from.begin), moved(origin[i].from.end)});
      continue;
    }
    for (uint32_t at = 0; at < size;) {
      const uint32_t from = origin[i].from.begin + at;
      const uint32_t character = std::min(size_of_character(narrow[from]), size - at);
      out.whole(character, {moved(from), moved(from + character)});
      at += character;
    }
  }
  return out.finish();
}

TextOrigin origin_in(DocumentFormat format, const DocumentNode& node, Bytes source, Span span) {
  if (is_view_of(node.text, source)) {
    OriginWriter out;
    const auto begin = static_cast<uint32_t>(node.text.data() - source.data());
    out.same(static_cast<uint32_t>(node.text.size()), begin);
    TextOrigin origin = out.finish();
    if (node.text.empty()) origin.back().from = {begin, begin};
    return origin;
  }
  if (span.end > source.size() || span.begin > span.end) return as_a_whole(node.text, span);
  const WideForm form = form_of_wide_text(source);
  return form == WideForm::none ? align(format, node.flags, source, span, node.text) : align_wide(form, format, node.flags, source, span, node.text);
}

// The piece that holds a byte of the text; of the text's end, the last one.
size_t piece_at(const TextOrigin& origin, uint32_t at) {
  const auto behind = std::upper_bound(origin.begin(), origin.end(), at, [](uint32_t value, const OriginPiece& piece) { return value < piece.text; });
  return behind == origin.begin() ? 0 : static_cast<size_t>(behind - origin.begin()) - 1;
}

// A text whose bytes come from a text that comes from a file: where they stand in the file.
TextOrigin compose(const TextOrigin& inner, const TextOrigin& outer) {
  OriginWriter out;
  for (size_t i = 0; i + 1 < inner.size(); ++i) {
    const OriginPiece& piece = inner[i];
    const uint32_t size = inner[i + 1].text - piece.text;
    if (piece.kind != Kind::same) {
      out.whole(size, origin_of(outer, piece.from));
      continue;
    }
    for (uint32_t at = piece.from.begin; at < piece.from.end;) {
      const size_t index = piece_at(outer, at);
      const OriginPiece& below = outer[index];
      const uint32_t next = index + 1 < outer.size() ? std::min(outer[index + 1].text, piece.from.end) : piece.from.end;
      const uint32_t skip = at - below.text;
      if (below.kind == Kind::same) {
        out.same(next - at, below.from.begin + skip);
      } else if (below.kind == Kind::whole) {
        out.whole(next - at, below.from);
      } else {
        const uint32_t bytes = below.phase + skip;
        out.letters(next - at, {below.from.begin + bytes / 3 * 4, origin_of(outer, {at, next}).end}, static_cast<uint8_t>(bytes % 3));
      }
      at = next;
    }
  }
  TextOrigin origin = out.finish();
  if (origin.size() == 1) origin.back().from = origin_of(outer, inner.back().from);
  return origin;
}

}  // namespace

Span origin_of(const TextOrigin& origin, Span text) {
  const auto letter = [](const OriginPiece& piece, uint32_t at) {
    const uint32_t byte = at - piece.text + piece.phase;
    return piece.from.begin + byte / 3 * 4 + byte % 3;
  };
  const OriginPiece& first = origin[piece_at(origin, text.begin)];
  Span from = first.from;
  if (first.kind == Kind::same) from.begin += text.begin - first.text;
  if (first.kind == Kind::letters) from.begin = letter(first, text.begin);
  if (text.end <= text.begin) return {from.begin, from.begin};
  const OriginPiece& last = origin[piece_at(origin, text.end - 1)];
  from.end = last.kind == Kind::same      ? last.from.begin + (text.end - last.text)
             : last.kind == Kind::letters ? letter(last, text.end - 1) + 2
                                          : last.from.end;
  return {from.begin, std::max(from.begin, from.end)};
}

TextOrigin text_origin(const ParsedFile& file, uint32_t node) {
  const auto behind = std::upper_bound(file.embedded.begin(), file.embedded.end(), node,
                                       [](uint32_t value, const EmbeddedText& text) { return value < text.first; });
  if (behind == file.embedded.begin() || node >= (behind - 1)->end)
    return origin_in(file.format, file.nodes[node], file.bytes, file.nodes[node].span);
  const EmbeddedText& outer = *(behind - 1);
  return compose(origin_in(outer.format, file.nodes[node], outer.text, outer.spans[node - outer.first]), outer.origin);
}

TextOrigin base64_origin(const TextOrigin& origin, Bytes text, Bytes decoded) {
  OriginWriter out;
  uint32_t left = static_cast<uint32_t>(decoded.size());
  std::array<uint32_t, 4> four{};
  size_t count = 0;
  uint32_t run_bytes = 0;  // of a run of letters that stand side by side in the file
  Span run;
  const auto flush = [&] {
    out.letters(run_bytes, run, 0);
    run_bytes = 0;
  };
  for (uint32_t at = 0; left > 0; ++at) {
    if (at < text.size() && !is_base64_letter(text[at])) continue;
    if (at < text.size()) four[count++] = at;
    if (at < text.size() && count < 4) continue;
    if (count == 0) break;
    const uint32_t bytes = std::min<uint32_t>(left, 3);
    const uint32_t first = origin_of(origin, {four[0], four[0] + 1}).begin;
    const uint32_t last = origin_of(origin, {four[count - 1], four[count - 1] + 1}).end;
    if (last - first == count) {
      if (run_bytes > 0 && run.end != first) flush();
      if (run_bytes == 0) run.begin = first;
      run.end = last;
      run_bytes += bytes;
    } else {
      flush();
      out.whole(bytes, {first, last});
    }
    left -= bytes;
    count = 0;
  }
  flush();
  return out.finish();
}

}  // namespace sealwarden
