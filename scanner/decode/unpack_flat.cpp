// SPDX-License-Identifier: Apache-2.0
// Formats that put members behind one another, uncompressed: ar and cpio; and rpm, which is a head before a packed cpio.
#include <charconv>
#include <optional>
#include <string>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/packed_stream.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

constexpr uint64_t kLongestName = 64 << 10;

std::optional<uint64_t> number_of(Bytes text, int base) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

Bytes without_blanks(Bytes field) { return field.substr(0, field.find_last_not_of(' ') + 1); }

// Gives `size` bytes from the cursor as a member; false if they are not all there.
bool give_stored(ByteCursor& cursor, uint64_t size, Bytes path, Unpacking& job) {
  PackedStream stream(Codec::stored, cursor.rest().substr(0, size), job);
  cursor.skip(size);
  give_stream(stream, size, std::nullopt, path, job);
  return cursor.ok();
}

struct CpioHead {
  std::optional<uint64_t> mode, size, name_size;
  unsigned alignment = 1;
};

CpioHead cpio_head(ByteCursor& cursor) {
  CpioHead head;
  const Bytes magic = cursor.take(6);
  if (magic == "070707") {
    const Bytes fields = cursor.take(70);
    if (cursor.ok()) head = {number_of(fields.substr(12, 6), 8), number_of(fields.substr(59, 11), 8), number_of(fields.substr(53, 6), 8), 1};
  } else if (magic == "070701" || magic == "070702") {
    const Bytes fields = cursor.take(104);
    if (cursor.ok()) head = {number_of(fields.substr(8, 8), 16), number_of(fields.substr(48, 8), 16), number_of(fields.substr(88, 8), 16), 4};
  }
  return head;
}

// GNU keeps names of more than 15 characters in a member "//", by offset; BSD puts them before the member's bytes.
std::string ar_name(Bytes field, Bytes names, ByteCursor& content, uint64_t& size) {
  const Bytes name = without_blanks(field);
  if (name.starts_with("#1/")) {
    const uint64_t length = number_of(name.substr(3), 10).value_or(0);
    if (length > size || length > kLongestName) return std::string(name);
    size -= length;
    const Bytes stored = content.take(length);
    return std::string(stored.substr(0, stored.find('\0')));
  }
  const std::optional<uint64_t> offset = name.starts_with("/") ? number_of(name.substr(1), 10) : std::nullopt;
  if (offset && *offset < names.size()) {
    const Bytes rest = names.substr(*offset, kLongestName);
    return std::string(rest.substr(0, rest.find_first_of("/\n")));
  }
  return std::string(name.ends_with("/") ? name.substr(0, name.size() - 1) : name);
}

}  // namespace

void unpack_cpio(Bytes container, Unpacking& job) {
  ByteCursor cursor(container);
  const auto align = [&](unsigned to) {
    const uint64_t filling = (to - (container.size() - cursor.left()) % to) % to;
    cursor.skip(std::min<uint64_t>(filling, cursor.left()));
  };
  while (!job.stopped() && cursor.left() > 0) {
    const CpioHead head = cpio_head(cursor);
    if (!head.mode || !head.size || !head.name_size || *head.name_size > kLongestName) {
      return job.gap(UnpackGap::Kind::corrupt, "", "a head of the cpio archive is damaged");
    }
    const Bytes stored = cursor.take(*head.name_size);
    const Bytes name = stored.substr(0, stored.find('\0'));
    align(head.alignment);
    if (name == "TRAILER!!!") return give_rest(cursor.rest(), job);  // a boot image is several, packed in different ways
    constexpr uint64_t kType = 0170000, kRegular = 0100000;
    if ((*head.mode & kType) != kRegular) {
      cursor.skip(*head.size);
    } else if (!job.admit() || !give_stored(cursor, *head.size, name, job)) {
      return;
    }
    align(head.alignment);
    if (!cursor.ok()) return job.gap(UnpackGap::Kind::corrupt, name, "ends too early");
  }
}

void unpack_ar(Bytes container, Unpacking& job) {
  ByteCursor cursor(container);
  cursor.skip(8);
  Bytes names;
  while (!job.stopped() && cursor.left() > 1) {
    const Bytes head = cursor.take(60);
    std::optional<uint64_t> size = cursor.ok() && head.ends_with("`\n") ? number_of(head.substr(48, 10), 10) : std::nullopt;
    if (!size) return job.gap(UnpackGap::Kind::corrupt, "", "a head of the ar archive is damaged");
    const bool is_odd = *size % 2 != 0;
    if (head.starts_with("// ")) {
      names = cursor.rest().substr(0, *size);
      cursor.skip(*size);
    } else if (head.starts_with("/ ") || head.starts_with("/SYM64/ ")) {
      cursor.skip(*size);  // where symbols are
    } else {
      const std::string name = ar_name(head.substr(0, 16), names, cursor, *size);
      if (!job.admit() || !give_stored(cursor, *size, name, job)) return;
    }
    if (!cursor.ok()) return job.gap(UnpackGap::Kind::corrupt, "", "ends too early");
    if (is_odd && cursor.left() > 0) cursor.skip(1);
  }
}

// A lead of 96 bytes, two tables of tags, the first filled up to 8 bytes, then the packed files.
void unpack_rpm(Bytes container, Unpacking& job) {
  ByteCursor cursor(container);
  cursor.skip(96);
  for (const bool is_filled : {true, false}) {
    const Bytes head = cursor.take(8);
    const uint64_t entries = cursor.be32(), bytes = cursor.be32();
    cursor.skip(entries * 16 + bytes);
    if (is_filled) cursor.skip((8 - bytes % 8) % 8);
    if (!cursor.ok() || !head.starts_with("\x8E\xAD\xE8\x01")) {
      return job.gap(UnpackGap::Kind::corrupt, "", "a head of the rpm package is damaged");
    }
  }
  if (job.admit()) give_stored(cursor, cursor.left(), "", job);
}

}  // namespace sealwarden
