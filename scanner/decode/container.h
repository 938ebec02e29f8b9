// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "scanner/base/bytes.h"

namespace sealwarden {

// What holds other texts inside in a form that a scan of its bytes as they stand would not find, or not whole.
enum class Container : uint8_t {
  none,  // anything else, all ordinary text
  zip,   // also jar, war, apk, whl, docx, xlsx, odt, epub, and what has a zip at its end
  tar,
  cpio,
  ar,  // static libraries, Debian packages
  rpm,
  seven_zip,
  gzip,  // one compressed text or a tar; so are the next six
  bzip2,
  xz,
  lzip,
  lzma,
  zstd,
  zlib,
  pdf,
  sqlite,
  java_class,
  office_text,      // XML of a document whose words lie in several runs; all else in it can be read as it stands
  windows_program,  // its UTF-16 strings; all else in it can be read as it stands
  ole,              // old documents of Office, installers: the same
  unread,           // of a kind that is not read: RAR, CAB, LZ4, compress, SquashFS
};

// The name for messages: "zip", "7z".
std::string_view name_of(Container);
bool is_container_name(std::string_view);

// What the bytes are, by what stands at fixed places in them, or is the end of a zip among the last 64 KiB; some microseconds
// for ordinary text. Names play no part.
Container container_of(Bytes bytes);

// Where the record at the end of a zip begins: the last one whose comment reaches to the end of the bytes, else the last one
// within reach of the longest comment; npos if there is none.
size_t find_zip_end(Bytes bytes);

}  // namespace sealwarden
