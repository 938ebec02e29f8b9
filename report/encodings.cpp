// SPDX-License-Identifier: Apache-2.0
#include "report/encodings.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace sealwarden {
namespace {

constexpr std::string_view kLowerHex = "0123456789abcdef", kUpperHex = "0123456789ABCDEF";
constexpr size_t kLeast = 4, kLong = 1024, kLeastLine = 16;

void append_hex(std::string& out, char c, std::string_view digits) {
  const auto byte = static_cast<unsigned char>(c);
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

std::string hex_form(std::string_view secret, std::string_view digits) {
  std::string out;
  for (const char c : secret)
    append_hex(out, c, digits);
  return out;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// Every byte that is neither unreserved nor one of `kept` as %XX.
std::string percent_form(std::string_view text, std::string_view kept, std::string_view digits) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != kept.npos) {
      out += c;
    } else {
      out += '%';
      append_hex(out, c, digits);
    }
  }
  return out;
}

std::string all_percent_form(std::string_view secret, std::string_view digits) {
  std::string out;
  for (const char c : secret)
    append_hex(out += '%', c, digits);
  return out;
}

// The characters of the base64 of "`skip` bytes + secret + anything" that the secret alone decides.
std::string base64_core(std::string_view secret, size_t skip, std::string_view last_two) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const auto bit = [&](size_t at) {
    const auto byte = static_cast<unsigned char>(secret[at / 8 - skip]);
    return static_cast<unsigned>(byte >> (7 - at % 8) & 1);
  };
  std::string out;
  const size_t end = (skip + secret.size()) * 8;
  for (size_t at = (skip * 8 + 5) / 6 * 6; at + 6 <= end; at += 6) {
    unsigned value = 0;
    for (size_t i = 0; i < 6; ++i)
      value = value << 1 | bit(at + i);
    out += value < 62 ? kAlphabet[value] : last_two[value - 62];
  }
  return out;
}

std::string json_form(std::string_view secret, bool slash) {
  static constexpr std::string_view kFrom = "\b\f\n\r\t\"\\", kTo = "bfnrt\"\\";
  std::string out;
  for (const char c : secret) {
    if (const size_t at = kFrom.find(c); at != kFrom.npos)
      (out += '\\') += kTo[at];
    else if (c == '/' && slash)
      out += "\\/";
    else if (static_cast<unsigned char>(c) < 0x20)
      append_hex(out += "\\u00", c, kLowerHex);
    else
      out += c;
  }
  return out;
}

// A backslash before each byte of `marked`; control bytes as \xNN.
std::string backslash_form(std::string_view secret, std::string_view marked) {
  std::string out;
  for (const char c : secret) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      append_hex(out += "\\x", c, kLowerHex);
    } else {
      if (marked.find(c) != marked.npos) out += '\\';
      out += c;
    }
  }
  return out;
}

void add_lines(std::string_view text, std::vector<std::string>& out) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.size() >= kLeastLine) out.emplace_back(line);
  }
}

void add_short_forms(std::string_view secret, std::vector<std::string>& out) {
  for (const std::string_view digits : {kLowerHex, kUpperHex}) {
    out.push_back(hex_form(secret, digits));
    out.push_back(percent_form(secret, "", digits));
    out.push_back(percent_form(secret, ";/?:@&=+$,#!'()*", digits));
    out.push_back(all_percent_form(secret, digits));
  }
  for (size_t skip = 0; skip < 3; ++skip)
    for (const std::string_view last_two : {"+/", "-_"})
      out.push_back(base64_core(secret, skip, last_two));
  out.push_back(json_form(secret, true));
  for (const std::string_view marked :
       {"", "\\", "\"\\", "'\\", "\"'\\", "\"\\$`", " !\"#$&'()*;<>?[\\]^`{|}~"})
    out.push_back(backslash_form(secret, marked));
}

}  // namespace

std::vector<std::string> encoded_forms(std::string_view secret) {
  std::vector<std::string> forms;
  if (secret.size() < kLeast) return forms;
  forms = {std::string(secret), json_form(secret, false)};
  if (secret.size() > kLong)
    add_lines(secret, forms);
  else
    add_short_forms(secret, forms);
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  std::erase_if(forms, [](const std::string& form) { return form.size() < kLeast; });
  return forms;
}

std::string percent_encode_path(std::string_view path) {
  return percent_form(path, "/!$&'()*+,;=@", kUpperHex);
}

std::string percent_encode_uri(std::string_view uri) {
  return percent_form(uri, ":/?#[]@!$&'()*+,;=%", kUpperHex);
}

}  // namespace sealwarden
