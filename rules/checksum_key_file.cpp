// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "rules/checksum_parts.h"
#include "rules/checksum_recipes.h"

namespace sealwarden {
namespace {

constexpr std::string_view kBase64Padded = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

// A PEM text: what its first line names, and what stands between first and last line.
struct Armour {
  std::string_view label, inside;
};

std::optional<Armour> armour_of(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
  const size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + kBegin.size());
  const size_t close = text.find(kDashes), end = text.find(kEnd);
  if (close == std::string_view::npos || end == std::string_view::npos || end < close + kDashes.size()) return std::nullopt;
  return Armour{text.substr(0, close), text.substr(close + kDashes.size(), end - close - kDashes.size())};
}

// Key files stand in source code and JSON too: \n, \r and \t there are blanks, however many backslashes they have.
std::string without_escapes(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    while (i + 1 < text.size() && text[i + 1] == '\\') ++i;
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'n' || next == 'r' || next == 't') ++i;
    plain += next == 'n' ? '\n' : ' ';
  }
  return plain;
}

// A line without the blanks, quotes, commas and joining "+" of the program it stands in.
std::string_view bare(std::string_view line) {
  constexpr std::string_view kAround = " \t\r\"'`,;>|#*";
  const auto trim = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(kAround), line.size()));
    line.remove_suffix(line.size() - (line.find_last_not_of(kAround) + 1));
  };
  trim();
  if (line.ends_with(" +") || line.ends_with("\"+") || line.ends_with("'+")) line.remove_suffix(1);
  if (line.starts_with("+ ") || line.starts_with("+\"") || line.starts_with("+'")) line.remove_prefix(1);
  trim();
  return line;
}

// The base64 of a text that has nothing else, but for what joins the lines of a program; nullopt if there is more: escapes
// of another kind, dots for what was left out, PEM headers. Such a text is not judged.
std::optional<std::string> plain_base64(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::string unescaped = without_escapes(text);
  std::string found;
  for (size_t at = unescaped.find_first_not_of(kBlanks); at < unescaped.size();) {
    const size_t end = std::min(unescaped.find_first_of(kBlanks, at), unescaped.size());
    const std::string_view word = bare(std::string_view(unescaped).substr(at, end - at));
    if (!all_of(word, kBase64Padded)) return std::nullopt;
    if (word != "+") found += word;
    at = unescaped.find_first_not_of(kBlanks, end);
  }
  return found;
}

// A value of DER: its tag and its content.
struct Element {
  unsigned char tag = 0;
  std::string_view content;
};

// The element that starts the bytes, which moves them behind it; nullopt if its length does not fit them.
std::optional<Element> next_element(std::string_view& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto tag = static_cast<unsigned char>(bytes[0]);
  size_t size = static_cast<unsigned char>(bytes[1]), head = 2;
  if (size >= 0x80) {
    const size_t digits = size & 0x7F;
    if (digits == 0 || digits > 3 || bytes.size() < head + digits) return std::nullopt;
    size = 0;
    for (; head < 2 + digits; ++head) size = size << 8 | static_cast<unsigned char>(bytes[head]);
  }
  if (size > bytes.size() - head) return std::nullopt;
  const Element element{tag, bytes.substr(head, size)};
  bytes.remove_prefix(head + size);
  return element;
}

constexpr char kInteger = 0x02, kOctets = 0x04, kSequence = 0x30;

// What the members of a key's outer sequence must begin with, by the label of the text.
std::string_view tags_of(std::string_view label) {
  static constexpr char kRsa[] = {kInteger, kInteger, kInteger, kInteger, kInteger, kInteger, kInteger, kInteger, kInteger};
  static constexpr char kCurve[] = {kInteger, kOctets};
  static constexpr char kPkcs8[] = {kInteger, kSequence, kOctets};
  static constexpr char kEncrypted[] = {kSequence, kOctets};
  if (label == "RSA PRIVATE KEY") return {kRsa, sizeof kRsa};
  if (label == "DSA PRIVATE KEY") return {kRsa, 6};
  if (label == "EC PRIVATE KEY") return {kCurve, sizeof kCurve};
  if (label == "PRIVATE KEY") return {kPkcs8, sizeof kPkcs8};
  if (label == "ENCRYPTED PRIVATE KEY") return {kEncrypted, sizeof kEncrypted};
  return {};
}

std::string element(char tag, std::string_view content) {
  std::string size;
  if (content.size() < 0x80) size = std::string(1, static_cast<char>(content.size()));
  else size = joined("\x82", std::string(1, static_cast<char>(content.size() >> 8)), std::string(1, static_cast<char>(content.size() & 0xFF)));
  return joined(std::string(1, tag), size, content);
}

std::string wrapped(std::string_view text, size_t width) {
  std::string lines;
  for (size_t i = 0; i < text.size(); i += width) lines += joined(text.substr(i, width), "\n");
  return lines;
}

std::string armoured(std::string_view label, std::string_view lines) {
  return joined(joined("-----BEGIN ", label, "-----\n"), lines, joined("-----END ", label, "-----"));
}

// The fields of SSH: a length of four bytes and that many bytes.
std::optional<std::string_view> next_field(std::string_view& bytes) {
  if (bytes.size() < 4) return std::nullopt;
  size_t size = 0;
  for (const char c : bytes.substr(0, 4)) size = size << 8 | static_cast<unsigned char>(c);
  if (size > bytes.size() - 4) return std::nullopt;
  const std::string_view field = bytes.substr(4, size);
  bytes.remove_prefix(4 + size);
  return field;
}

std::string number_of_four_bytes(size_t value) { return encoded_number(value, kHexLower, 8); }
std::string ssh_field(std::string_view content) { return joined(*from_hex(number_of_four_bytes(content.size())), content); }

// An Ed25519 public key as SSH stores it.
std::string ssh_public_key(std::string_view seed) {
  return joined(ssh_field("ssh-ed25519"), ssh_field(drawn_bytes(joined(seed, "public"), 32)));
}

constexpr std::string_view kOpensshMagic{"openssh-key-v1\0", 15};

uint32_t crc24(std::string_view bytes) {
  uint32_t value = 0xB704CE;
  for (const char c : bytes) {
    value ^= static_cast<uint32_t>(static_cast<unsigned char>(c)) << 16;
    for (int bit = 0; bit < 8; ++bit) {
      value <<= 1;
      if ((value & 0x1000000U) != 0) value ^= 0x1864CFB;
    }
  }
  return value;
}
std::string crc24_line(std::string_view bytes) {
  return joined("=", to_base64(*from_hex(encoded_number(crc24(bytes), kHexLower, 6))));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    if (lines.back().ends_with('\r')) lines.back().remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// A .ppk text, line by line.
class PuttyReader {
 public:
  explicit PuttyReader(std::string_view text) : lines_(lines_of(text)) {}
  // The value of the next line, which must be called `name`; nullopt if it is another.
  std::optional<std::string_view> value(std::string_view name) {
    if (at_ == lines_.size() || !lines_[at_].starts_with(name) || !lines_[at_].substr(name.size()).starts_with(": ")) return std::nullopt;
    return lines_[at_++].substr(name.size() + 2);
  }
  // The base64 of the next lines, as many as the value of the line `name` says.
  std::optional<std::string> blob(std::string_view name) {
    const auto count = value(name);
    const auto lines = count && count->size() <= 3 ? decoded_number(*count, kDecimal) : std::nullopt;
    if (!lines || *lines > lines_.size() - at_) return std::nullopt;
    std::string text;
    for (const size_t end = at_ + *lines; at_ < end; ++at_) text += lines_[at_];
    return from_base64(text);
  }
  void skip_until(std::string_view name) {
    while (at_ < lines_.size() && !lines_[at_].starts_with(name)) ++at_;
  }

 private:
  std::vector<std::string_view> lines_;
  size_t at_ = 0;
};

}  // namespace

// Refuses only what says its own sum and has another: the sum is optional, and text that is not plainly an armour (in a
// program, with something between the lines) is not judged.
bool holds_openpgp_crc24(std::string_view token) {
  const auto armour = armour_of(token);
  if (!armour) return false;
  const std::string plain = without_escapes(armour->inside);
  std::string body;
  std::string_view sum;
  for (const std::string_view whole : lines_of(plain)) {
    const std::string_view line = bare(whole);
    if (line.find(": ") != std::string_view::npos || line.empty()) continue;
    if (line.starts_with('=') && line.size() == 5) sum = line;
    else if (!sum.empty() || !all_of(line, kBase64Padded)) return true;
    else body += line;
  }
  const auto bytes = from_base64(body);
  return sum.empty() || !bytes || sum == crc24_line(*bytes);
}
std::string complete_openpgp_crc24(std::string_view prefix, std::string_view body) {
  const std::string text = to_base64(from_base64(body).value_or(std::string(body)));
  const std::string lines = joined("\n", wrapped(text, 64), crc24_line(from_base64(text).value_or("")), "\n");
  return armoured(joined("PGP ", prefix), lines);
}

bool holds_openssh_key(std::string_view token) {
  const auto armour = armour_of(token);
  if (!armour) return false;
  const auto text = plain_base64(armour->inside);
  if (!text) return true;
  const auto bytes = from_base64(*text);
  if (!bytes || !bytes->starts_with(kOpensshMagic)) return false;
  std::string_view rest = std::string_view(*bytes).substr(kOpensshMagic.size());
  const auto cipher = next_field(rest), derivation = next_field(rest), options = next_field(rest);
  if (!cipher || !derivation || !options || rest.size() < 4) return false;
  if (rest.substr(0, 3) != std::string_view("\0\0\0", 3) || rest[3] != 1) return false;  // one key: nobody writes more
  rest.remove_prefix(4);
  const auto public_key = next_field(rest), secret = next_field(rest);
  if (!public_key || !secret || !rest.empty()) return false;
  return *cipher != "none" || (secret->size() > 8 && secret->substr(0, 4) == secret->substr(4, 4));
}
// The prefix is the cipher.
std::string complete_openssh_key(std::string_view prefix, std::string_view body) {
  const std::string number = drawn_bytes(joined(body, "number"), 4), public_key = ssh_public_key(body);
  const std::string secret = joined(joined(number, number), public_key, ssh_field(drawn_bytes(body, 64)), ssh_field("synthetic"));
  const bool open = prefix == "none";
  const std::string head = joined(kOpensshMagic, ssh_field(prefix), ssh_field(open ? "none" : "bcrypt"),
                                  ssh_field(open ? std::string() : drawn_bytes(joined(body, "salt"), 24)));
  const std::string bytes = joined(head, *from_hex(number_of_four_bytes(1)), ssh_field(public_key),
                                   ssh_field(open ? secret : drawn_bytes(body, 144)));
  return armoured("OPENSSH PRIVATE KEY", wrapped(to_base64(bytes), 70));
}

bool holds_pem_key(std::string_view token) {
  const auto armour = armour_of(token);
  if (!armour) return false;
  const std::string_view tags = tags_of(armour->label);
  const auto text = plain_base64(armour->inside);
  if (!text) return true;  // keys that are encrypted in the old way too: they have headers
  const auto bytes = from_base64(*text);
  if (!bytes || tags.empty()) return false;
  std::string_view rest = *bytes;
  const auto whole = next_element(rest);
  if (!whole || whole->tag != kSequence || !rest.empty()) return false;
  std::string_view members = whole->content;
  for (const char tag : tags) {
    const auto member = next_element(members);
    if (!member || member->tag != tag || member->content.empty()) return false;
  }
  return true;
}
// The prefix is the label of the text.
std::string complete_pem_key(std::string_view prefix, std::string_view body) {
  std::string members;
  for (const char tag : tags_of(prefix)) {
    const std::string seed = joined(body, std::to_string(members.size()));
    std::string content = drawn_bytes(seed, 128);
    if (tag == kInteger) content = members.empty() ? std::string(1, '\0') : joined("\x01", content);
    if (tag == kSequence) content = element(0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");  // rsaEncryption
    members += element(tag, content);
  }
  return armoured(prefix, wrapped(to_base64(element(kSequence, members)), 64));
}

// What follows the lines of the private part is not looked at: a match may end there.
bool holds_putty_key(std::string_view token) {
  PuttyReader reader(token);
  auto kind = reader.value("PuTTY-User-Key-File-3");
  if (!kind) kind = reader.value("PuTTY-User-Key-File-2");
  if (!kind || !reader.value("Encryption")) return false;
  reader.skip_until("Public-Lines");
  const auto public_key = reader.blob("Public-Lines");
  reader.skip_until("Private-Lines");
  const auto secret = reader.blob("Private-Lines");
  if (!public_key || !secret || secret->size() < 16) return false;
  std::string_view rest = *public_key;
  return next_field(rest) == kind;
}
// The prefix is the version and the encryption: "3 none".
std::string complete_putty_key(std::string_view prefix, std::string_view body) {
  const size_t blank = std::min(prefix.find(' '), prefix.size() - 1);
  const std::string public_lines = wrapped(to_base64(ssh_public_key(body)), 64);
  const std::string head = joined(joined("PuTTY-User-Key-File-", prefix.substr(0, blank), ": ssh-ed25519\nEncryption: "),
                                  prefix.substr(blank + 1), "\nComment: synthetic\nPublic-Lines: 2\n", public_lines);
  const std::string secret = joined("Private-Lines: 1\n", to_base64(drawn_bytes(body, 36)), "\nPrivate-MAC: ");
  return joined(head, secret, to_hex(drawn_bytes(joined(body, "mac"), prefix.starts_with('3') ? 32 : 20)), "\n");
}

}  // namespace sealwarden
