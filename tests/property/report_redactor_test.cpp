// SPDX-License-Identifier: Apache-2.0
#include "report/redactor.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "report/encodings.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

std::string random_text(std::mt19937& random, std::string_view alphabet, size_t length) {
  std::string text;
  while (text.size() < length)
    text += alphabet[random() % alphabet.size()];
  return text;
}

struct Needle {
  std::string text, shown;
};

// The slow twin: every needle is looked for everywhere; what overlaps is one run, written as the longest
// needle at its start.
std::string redact_slowly(const std::vector<Needle>& needles, const std::string& text) {
  std::vector<const Needle*> at(text.size(), nullptr);
  for (const Needle& needle : needles)
    for (size_t i = text.find(needle.text); i != text.npos; i = text.find(needle.text, i + 1))
      if (at[i] == nullptr || at[i]->text.size() < needle.text.size()) at[i] = &needle;
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (at[i] == nullptr) {
      out += text[i++];
      continue;
    }
    out += at[i]->shown;
    size_t end = i + at[i]->text.size();
    for (size_t k = i; k < end; ++k)
      if (at[k] != nullptr) end = std::max(end, k + at[k]->text.size());
    i = end;
  }
  return out;
}

// An encoder that owes nothing to the one under test.
std::string base64(std::string_view bytes, std::string_view last_two) {
  std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  alphabet += last_two;
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? alphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

}  // namespace

TEST_CASE("the redactor agrees with its slow twin") {
  const unsigned seed = 11;
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    Redactor redact;
    std::vector<Needle> needles;
    for (int i = 0; i < 6; ++i) {
      const Secret secret(random_text(random, "ab", 1 + random() % 12));
      redact.add(secret);
      for (const std::string& form : encoded_forms(secret.reveal()))
        needles.push_back({form, redacted(secret)});
    }
    for (int i = 0; i < 20; ++i) {
      const std::string text = random_text(random, "aabb-", random() % 60);
      CAPTURE(seed, round, text);
      REQUIRE(redact(text) == redact_slowly(needles, text));
    }
  }
}

TEST_CASE("base64 of a text hides its secret at every alignment") {
  const unsigned seed = 12;
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes;
    for (size_t length = 12 + random() % 40; bytes.size() < length;)
      bytes += static_cast<char>(random());
    const Secret secret(bytes);
    Redactor redact;
    redact.add(secret);
    const std::string before = random_text(random, "xyz", random() % 5),
                      after = random_text(random, "xyz", random() % 5);
    for (const std::string_view last_two : {"+/", "-_"}) {
      const std::string whole = base64(before + bytes + after, last_two);
      const std::string out = redact(whole);
      CAPTURE(seed, round, whole, out);
      REQUIRE(out.find("…(") != out.npos);
      // What the neighbours' bytes share a character with may stay: at most one on either side, and the
      // neighbours.
      REQUIRE(out.size() <= redacted(secret).size() + 8 + 8);
    }
  }
}
