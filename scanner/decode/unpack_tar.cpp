// SPDX-License-Identifier: Apache-2.0
// tar: heads of 512 bytes, each before its member's bytes, which are filled up to 512. POSIX.1-1988 and 2001, GNU, old.
// Members of type 'L' (GNU) and 'x' (POSIX) hold the long name of the next one. Members with holes are given as they are
// stored, without the holes. A type that is not known is a file, as POSIX and GNU say. Links, folders and devices have no bytes,
// whatever their size says; but some programs (pax) write them behind a link, and so do those who want them unseen: where no
// head follows, they are given. So is, of a tar that is compressed, what lies behind its end or a damaged head.
//
// Of a tar that is compressed nobody else reads the heads: names, targets of links and what 'x' and 'g' say are given as one more
// member ("names") if a token could hide in them.
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/packed_stream.h"

namespace sealwarden {
namespace {

constexpr uint64_t kMostOfName = 1 << 20;  // of a member that holds names
constexpr size_t kPieceOfNames = 4 << 20;  // that is given as one member

struct TarHead {
  std::string path;
  std::string target;  // of a link
  uint64_t size = 0;
  char type = '\0';
  bool goes_on = false;  // GNU: a map of holes goes on in blocks behind
};

Bytes text_of(Bytes field) { return field.substr(0, field.find('\0')); }

// Octal text, or base 256 if the highest bit is set. None if it is neither.
std::optional<uint64_t> number_of(Bytes field) {
  uint64_t value = 0;
  if ((static_cast<uint8_t>(field[0]) & 0x80) != 0) {
    for (const char c : field.substr(1)) {
      if (value >> 55 != 0) return std::nullopt;
      value = value << 8 | static_cast<uint8_t>(c);
    }
    return field[0] == '\x80' ? std::optional(value) : std::nullopt;
  }
  size_t at = field.find_first_not_of(' ');
  for (; at < field.size() && field[at] >= '0' && field[at] <= '7'; ++at) value = value << 3 | static_cast<uint8_t>(field[at] - '0');
  return at >= field.size() || field[at] == ' ' || field[at] == '\0' ? std::optional(value) : std::nullopt;
}

std::optional<TarHead> parse_head(Bytes block) {
  if (!is_tar_head(block)) return std::nullopt;
  const std::optional<uint64_t> size = number_of(block.substr(124, 12));
  if (!size) return std::nullopt;
  TarHead head{.path = std::string(text_of(block.substr(0, 100))), .target = std::string(text_of(block.substr(157, 100))), .size = *size, .type = block[156]};
  const bool is_gnu = block.substr(257, 8) == std::string_view("ustar  \0", 8);
  if (is_gnu) {
    head.goes_on = head.type == 'S' && block[482] != '\0';
  } else if (block.substr(257, 5) == "ustar") {
    const Bytes prefix = text_of(block.substr(345, 155));
    if (!prefix.empty()) head.path = std::string(prefix) + '/' + head.path;
  }
  return head;
}

// What the lines "LENGTH KEY=VALUE" of a POSIX name member say of the next one.
struct Extended {
  std::string path;
  std::optional<uint64_t> size;
};

void read_extended(Bytes lines, Extended& next) {
  while (!lines.empty()) {
    uint64_t length = 0;
    const auto [end, error] = std::from_chars(lines.data(), lines.data() + lines.size(), length);
    const auto digits = static_cast<size_t>(end - lines.data());
    if (error != std::errc() || length <= digits + 1 || length > lines.size()) return;
    const Bytes line = lines.substr(digits + 1, length - digits - 2);  // without the end of the line
    lines.remove_prefix(length);
    const size_t sign = line.find('=');
    if (sign == Bytes::npos) continue;
    const Bytes key = line.substr(0, sign), value = line.substr(sign + 1);
    if (key == "path" && next.path.empty()) next.path = value;
    if (key == "GNU.sparse.name") next.path = value;
    if (key == "size") {
      uint64_t size = 0;
      if (std::from_chars(value.data(), value.data() + value.size(), size).ec == std::errc()) next.size = size;
    }
  }
}

// Whether there is a word of sixteen letters and digits or more: names are mostly words of a language, tokens are not.
bool may_hold_token(Bytes text) {
  constexpr size_t kShortest = 16;
  size_t length = 0;
  bool has_digit = false;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9', is_letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '-';
    length = is_digit || is_letter ? length + 1 : 0;
    has_digit = length != 0 && (has_digit || is_digit);
    if (length >= kShortest && has_digit) return true;
  }
  return false;
}

bool has_names(char type) { return type == 'L' || type == 'K' || type == 'x' || type == 'g'; }
bool has_no_bytes(char type) { return (type >= '1' && type <= '6') || type == 'V'; }  // links, devices, folders; the name of a volume
uint64_t filling(uint64_t size) { return (kTarBlock - size % kTarBlock) % kTarBlock; }

class TarReader {
 public:
  TarReader(PackedStream& stream, Unpacking& job) : stream_(stream), job_(job) {}

  void read() {
    read_members();
    give_names();
  }

 private:
  void read_members() {
    bool had_end = false;
    while (!job_.stopped()) {
      const Bytes block = stream_.next(kTarBlock);
      const bool is_whole = block.size() == kTarBlock, is_zeros = block.find_first_not_of('\0') == Bytes::npos;
      if (!is_whole && (is_zeros || !had_end)) say_why_it_ends(!block.empty() && !had_end);
      if (!is_whole && is_zeros) return;
      if (is_zeros) {
        had_end = true;
        continue;
      }
      const std::optional<TarHead> head = parse_head(block);
      if (!head) {
        if (!had_end && is_whole) job_.gap(UnpackGap::Kind::corrupt, "", "a head of the tar is damaged");
        return give_rest_of_stream(had_end ? "behind the end" : "behind a damaged head");
      }
      had_end = false;
      if (!read_member(*head)) return say_why_it_ends(true);
    }
  }

  bool read_member(const TarHead& head) {
    if (has_names(head.type)) return read_name(head);
    note_name(head.path);
    note_name(head.target);
    const Extended named = std::exchange(next_, {});
    const uint64_t size = named.size.value_or(head.size);
    if (head.goes_on && !skip_map()) return false;
    if (has_no_bytes(head.type) && (size == 0 || head_follows())) return true;
    if (!job_.admit()) return true;
    give_stream(stream_, size, std::nullopt, named.path.empty() ? head.path : named.path, job_);
    return job_.stopped() || ends_early() || stream_.skip(filling(size));
  }

  // give_stream() has told it already.
  bool ends_early() {
    told_ = told_ || stream_.state() != PackedStream::State::open;
    return told_;
  }

  bool read_name(const TarHead& head) {
    if (head.size > kMostOfName) {
      if (!job_.admit()) return true;
      give_stream(stream_, head.size, std::nullopt, "names", job_);
      return job_.stopped() || ends_early() || stream_.skip(filling(head.size));
    }
    const Bytes bytes = stream_.next(head.size);
    if (bytes.size() < head.size) return false;
    if (head.type == 'L') {
      next_.path = text_of(bytes);
    } else if (head.type == 'x') {
      read_extended(bytes, next_);
    }
    note_name(head.type == 'L' || head.type == 'K' ? text_of(bytes) : bytes);
    return stream_.skip(filling(head.size));
  }

  void note_name(Bytes name) {
    if (stream_.is_stored() || !may_hold_token(name)) return;
    names_.append(name) += '\n';
    if (names_.size() >= kPieceOfNames) give_names();
  }
  void give_names() {
    if (!names_.empty() && job_.admit()) job_.give("names", names_);
    names_.clear();
  }

  // Whether the next block is a head, or zeros, or there is none.
  bool head_follows() {
    const Bytes block = stream_.next(kTarBlock);
    const bool follows = block.size() < kTarBlock || block.find_first_not_of('\0') == Bytes::npos || parse_head(block);
    stream_.put_back();
    return follows;
  }

  // Beginning with the block that was read last. What is stored is looked at as it stands in the tar, too.
  void give_rest_of_stream(std::string_view name) {
    if (stream_.is_stored() || !job_.admit()) return;
    stream_.put_back();
    give_stream(stream_, kWholeStream, std::nullopt, name, job_);
  }

  bool skip_map() {
    for (;;) {
      const Bytes block = stream_.next(kTarBlock);
      if (block.size() < kTarBlock) return false;
      if (block[504] == '\0') return true;
    }
  }

  // A tar may end without its two blocks of zeros, at a head; anything else is told once.
  void say_why_it_ends(bool within) {
    const PackedStream::State state = stream_.state();
    if (told_ || (state == PackedStream::State::end && !within)) return;
    if (state == PackedStream::State::limit) return job_.stop("", std::string(message_of(state)));
    job_.gap(kind_of(state), "", std::string(message_of(state)));
  }

  PackedStream& stream_;
  Unpacking& job_;
  Extended next_;
  std::string names_;
  bool told_ = false;
};

}  // namespace

bool is_tar_head(Bytes block) {
  if (block.size() < kTarBlock || block[0] == '\0') return false;
  const std::optional<uint64_t> stated = number_of(block.substr(148, 8));
  uint64_t sum = 8 * ' ';  // the checksum's own field counts as blanks
  int64_t signed_sum = 8 * ' ';  // as some old programs reckoned
  for (size_t i = 0; i < kTarBlock; ++i) {
    if (i >= 148 && i < 156) continue;
    sum += static_cast<uint8_t>(block[i]);
    signed_sum += static_cast<signed char>(block[i]);
  }
  return stated && (*stated == sum || static_cast<int64_t>(*stated) == signed_sum);
}

void unpack_tar(PackedStream& stream, Unpacking& job) { TarReader(stream, job).read(); }

}  // namespace sealwarden
