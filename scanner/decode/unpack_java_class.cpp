// SPDX-License-Identifier: Apache-2.0
// A class keeps each string behind a byte of its kind and two of its length, which may be letters: as it stands, a string
// has no edges. Here each is a line.
#include <string>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

constexpr size_t kPiece = 4 << 20;  // of text that is given as one member

// Bytes of a constant behind its kind; 0 for a kind that there is not. A string is longer by its length.
unsigned size_of_constant(uint8_t kind) {
  switch (kind) {
    case 1:  // string
    case 7:  // class
    case 8:
    case 16:
    case 19:
    case 20:
      return 2;
    case 15:
      return 3;
    case 3:  // number
    case 4:
    case 9:  // name of a member
    case 10:
    case 11:
    case 12:
    case 17:
    case 18:
      return 4;
    case 5:  // number of 8 bytes
    case 6:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

void unpack_java_class(Bytes container, Unpacking& job) {
  ByteCursor cursor(container);
  cursor.skip(8);
  const unsigned count = cursor.be16();
  std::string text;
  const auto give = [&] {
    if (!text.empty() && job.admit()) job.give("constants", text);
    text.clear();
  };
  bool is_sound = true;
  for (unsigned i = 1; i < count && is_sound; ++i) {
    const uint8_t kind = cursor.u8();
    if (kind == 1) {
      text += cursor.take(cursor.be16());
      text += '\n';
      if (text.size() >= kPiece) give();
    } else {
      cursor.skip(size_of_constant(kind));
      if (kind == 5 || kind == 6) ++i;  // counts as two
    }
    is_sound = cursor.ok() && size_of_constant(kind) != 0;
  }
  give();
  if (!is_sound) job.gap(UnpackGap::Kind::corrupt, "", "the constants of the Java class are damaged");
}

}  // namespace sealwarden
