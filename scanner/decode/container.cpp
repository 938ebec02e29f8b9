// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/container.h"

#include <algorithm>
#include <cstring>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

using namespace std::string_view_literals;

// A zip ends in a record of 22 bytes and its comment.
bool ends_as_zip(Bytes bytes) {
  const size_t end = find_zip_end(bytes);
  if (end == Bytes::npos) return false;
  ByteCursor cursor(bytes.substr(end + 12));
  const uint64_t directory = cursor.le32();
  cursor.skip(4);
  const uint64_t comment = cursor.le16();
  // Something else may follow (a signature of a program), if a directory stands where it should.
  return comment == cursor.left() || (directory > 0 && directory <= end && bytes.substr(end - directory).starts_with("PK\1\2"sv));
}

bool is_windows_program(Bytes bytes) {
  if (bytes.size() < 64) return false;
  const uint32_t at = ByteCursor(bytes.substr(0x3C, 4)).le32();
  return at < bytes.size() && bytes.substr(at).starts_with("PE\0\0"sv);
}

// A zlib stream has two bytes of head only, which may be letters ("x^"): the next must be no text.
bool is_zlib(Bytes bytes) {
  const auto flags = static_cast<uint8_t>(bytes[1]);
  if (flags != 0x01 && flags != 0x5E && flags != 0x9C && flags != 0xDA) return false;
  const auto block = static_cast<uint8_t>(bytes[2]);
  if ((block >> 1 & 3) == 3) return false;  // a kind of block that there is not
  if (flags != 0x5E) return true;
  for (const char c : bytes.substr(2, 30)) {
    if (static_cast<uint8_t>(c) >= 0x80 || (static_cast<uint8_t>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t')) return true;
  }
  return false;
}

// What 0xCAFEBABE is the start of, too: a Mach-O file of several machines. Its next number is how many, a handful.
bool is_java_class(Bytes bytes) {
  const uint32_t version = ByteCursor(bytes.substr(4)).be32();
  return (version & 0xFFFF) >= 45 && (version & 0xFFFF) < 512;
}

bool is_bzip2(Bytes bytes) {
  return bytes.starts_with("BZh") && bytes.size() >= 10 && bytes[3] >= '1' && bytes[3] <= '9' &&
         (bytes.substr(4, 6) == "1AY&SY"sv || bytes.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"sv);
}

// Old compress: the third byte says how many bits a code has, 9 to 16.
bool is_compress(Bytes bytes) {
  const auto bits = static_cast<uint8_t>(bytes[2]);
  return bytes[1] == '\x9D' && (bits & 0x60) == 0 && (bits & 0x1F) >= 9 && (bits & 0x1F) <= 16;
}

// Six digits, which a text may begin with too, and a head of digits only.
bool is_cpio(Bytes bytes) {
  const bool is_new = bytes.starts_with("070701") || bytes.starts_with("070702");
  if (!is_new && !bytes.starts_with("070707")) return false;
  const Bytes head = bytes.substr(0, is_new ? 110 : 76);
  return bytes.size() > 110 && head.find_first_not_of(is_new ? "0123456789abcdefABCDEF" : "01234567") == Bytes::npos;
}

bool is_squash_fs(Bytes bytes) { return bytes.size() >= 96 && bytes.substr(28, 4) == "\4\0\0\0"sv; }  // its version

// Properties as all programs write them, a dictionary of a power of two, no size or one below 2^40.
bool is_lzma(Bytes bytes) {
  if (bytes.size() < 18) return false;
  ByteCursor cursor(bytes.substr(1));
  const uint32_t dictionary = cursor.le32();
  const uint64_t size = cursor.le64();
  return dictionary >= 1 << 12 && (dictionary & (dictionary - 1)) == 0 && (size == UINT64_MAX || size >> 40 == 0) && bytes[13] == '\0';
}

// A frame of zstd may stand behind one that is to be skipped: programs that work in parallel begin so.
bool is_skippable_zstd(Bytes bytes) {
  ByteCursor cursor(bytes.substr(4));
  const uint32_t size = cursor.le32();
  cursor.skip(size);
  return (bytes[0] & 0x70) == 0x50 && bytes.substr(1).starts_with("\x2A\x4D\x18"sv) && cursor.ok() && cursor.take(4) == "\x28\xB5\x2F\xFD"sv;
}

// Old heads have no mark: the sum is one, and nothing behind the names.
bool is_old_tar(Bytes bytes) {
  return bytes.size() >= 512 && bytes[100] == '0' && bytes.substr(257, 255).find_first_not_of('\0') == Bytes::npos && is_tar_head(bytes.substr(0, 512));
}

// A disk image of macOS says what it is at its end.
bool ends_as_disk_image(Bytes bytes) { return bytes.size() >= 512 && bytes.substr(bytes.size() - 512).starts_with("koly\0\0\0\4"sv); }

// By the outermost element, which stands behind the head of XML and a comment at most.
bool is_office_text(Bytes bytes) {
  if (!bytes.starts_with("<?xml ")) return false;
  const Bytes head = bytes.substr(0, 512);
  for (const Bytes element : {"<w:document "sv, "<w:hdr "sv, "<w:ftr "sv, "<w:comments "sv, "<w:footnotes "sv, "<w:endnotes "sv, "<p:sld "sv,
                              "<p:notes "sv, "<sst "sv, "<office:document-content "sv, "<office:document "sv}) {
    if (head.find(element) != Bytes::npos) return true;
  }
  return false;
}

Container by_first_byte(Bytes bytes) {  // table-like: one case for each first byte
  switch (static_cast<uint8_t>(bytes[0])) {
    case 'P':
      if (bytes.starts_with("PK\3\4"sv) || bytes.starts_with("PK\5\6"sv) || bytes.starts_with("PK\7\x08PK"sv)) return Container::zip;
      return Container::none;
    case 0x1F:
      if (bytes.starts_with("\x1F\x8B\x08"sv)) return Container::gzip;
      return is_compress(bytes) ? Container::unread : Container::none;
    case 'B':
      return is_bzip2(bytes) ? Container::bzip2 : Container::none;
    case 0xFD:
      return bytes.starts_with("\xFD"
                               "7zXZ\0"sv)
                 ? Container::xz
                 : Container::none;
    case 0x28:
      return bytes.starts_with("\x28\xB5\x2F\xFD"sv) ? Container::zstd : Container::none;
    case '7':
      return bytes.starts_with("7z\xBC\xAF\x27\x1C"sv) ? Container::seven_zip : Container::none;
    case 'x':
      if (bytes.starts_with("xar!\0\x1C"sv)) return Container::unread;
      return is_zlib(bytes) ? Container::zlib : Container::none;
    case 0x89:
      return bytes.starts_with("\x89LZO\0\r\n\x1A"sv) ? Container::unread : Container::none;
    case '%':
      return bytes.starts_with("%PDF-"sv) ? Container::pdf : Container::none;
    case 'S':
      return bytes.starts_with("SQLite format 3\0"sv) ? Container::sqlite : Container::none;
    case 0xCA:
      return bytes.starts_with("\xCA\xFE\xBA\xBE"sv) && is_java_class(bytes) ? Container::java_class : Container::none;
    case 'M':
      if (bytes.starts_with("MSCF\0\0\0\0"sv)) return Container::unread;  // CAB
      if (bytes.starts_with("MSWIM\0\0\0"sv)) return Container::unread;  // Windows image
      return bytes[1] == 'Z' && is_windows_program(bytes) ? Container::windows_program : Container::none;
    case '!':
      return bytes.starts_with("!<arch>\n"sv) ? Container::ar : Container::none;
    case '0':
      return is_cpio(bytes) ? Container::cpio : Container::none;
    case 0xED:
      return bytes.starts_with("\xED\xAB\xEE\xDB"sv) ? Container::rpm : Container::none;
    case '<':
      return is_office_text(bytes) ? Container::office_text : Container::none;
    case 'R':
      return bytes.starts_with("Rar!\x1A\x07"sv) ? Container::unread : Container::none;
    case 0x04:
      return bytes.starts_with("\x04\x22\x4D\x18"sv) ? Container::unread : Container::none;  // LZ4
    case 'h':
      return bytes.starts_with("hsqs"sv) && is_squash_fs(bytes) ? Container::unread : Container::none;
    case 'L':
      return bytes.starts_with("LZIP\1"sv) ? Container::lzip : Container::none;
    case 0x5D:
      return is_lzma(bytes) ? Container::lzma : Container::none;
    case 0xD0:
      return bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv) ? Container::ole : Container::none;
    default:
      return Container::none;
  }
}

}  // namespace

std::string_view name_of(Container container) {  // table-like
  switch (container) {
    case Container::none:
      return "none";
    case Container::zip:
      return "zip";
    case Container::tar:
      return "tar";
    case Container::cpio:
      return "cpio";
    case Container::ar:
      return "ar";
    case Container::rpm:
      return "rpm";
    case Container::seven_zip:
      return "7z";
    case Container::gzip:
      return "gzip";
    case Container::bzip2:
      return "bzip2";
    case Container::xz:
      return "xz";
    case Container::lzip:
      return "lzip";
    case Container::lzma:
      return "LZMA";
    case Container::zstd:
      return "zstd";
    case Container::zlib:
      return "zlib";
    case Container::pdf:
      return "PDF";
    case Container::sqlite:
      return "SQLite";
    case Container::java_class:
      return "Java class";
    case Container::windows_program:
      return "Windows program";
    case Container::ole:
      return "OLE document";
    case Container::office_text:
      return "office text";
    case Container::unread:
      return "archive of a kind that is not read";
  }
  return "";
}

bool is_container_name(std::string_view name) {
  for (auto kind = static_cast<uint8_t>(Container::none) + 1; kind <= static_cast<uint8_t>(Container::unread); ++kind)
    if (name == name_of(static_cast<Container>(kind))) return true;
  return false;
}

size_t find_zip_end(Bytes bytes) {
  constexpr size_t kSize = 22, kMostComment = 0xFFFF;
  if (bytes.size() < kSize) return Bytes::npos;
  const size_t last = bytes.size() - kSize, first = last - std::min(last, kMostComment);
  size_t unfit = Bytes::npos;
  // Looked for by a byte that texts do not have: every blob is asked.
  for (Bytes rest = bytes.substr(first, last - first + 3); !rest.empty();) {
    const auto* found = static_cast<const char*>(memrchr(rest.data(), '\5', rest.size()));
    if (found == nullptr) break;
    rest = rest.substr(0, static_cast<size_t>(found - rest.data()));
    if (!rest.ends_with("PK")) continue;
    const size_t at = first + rest.size() - 2;
    if (bytes[at + 3] != '\6' || at > last) continue;
    if (ByteCursor(bytes.substr(at + 20)).le16() == bytes.size() - at - kSize) return at;
    if (unfit == Bytes::npos) unfit = at;
  }
  return unfit;
}

Container container_of(Bytes bytes) {
  if (bytes.size() < 8) return Container::none;
  const Container first = by_first_byte(bytes);
  if (first != Container::none && first != Container::windows_program) return first;
  if (first == Container::none) {
    if (bytes.size() >= 512 && bytes.substr(257, 5) == "ustar" && is_tar_head(bytes.substr(0, 512))) return Container::tar;
    if (is_old_tar(bytes)) return Container::tar;
  }
  if (ends_as_zip(bytes)) return Container::zip;  // behind a program or a script that unpacks itself
  if (first != Container::none) return first;
  if (is_skippable_zstd(bytes)) return Container::zstd;
  return ends_as_disk_image(bytes) ? Container::unread : Container::none;
}

}  // namespace sealwarden
