// SPDX-License-Identifier: Apache-2.0
// Readers of files that people edit: whatever the bytes, an answer or an error, and never a wrong entry.
#include <algorithm>
#include <random>
#include <string>

#include "report/baseline.h"
#include "report/json_out.h"
#include "report/utf8.h"
#include "tests/support/catch.h"
#include "tests/support/sample_report.h"

#include <simdjson.h>

using namespace sealwarden;

namespace {

void damage(std::string& text, std::mt19937& random) {
  static constexpr std::string_view kBytes = "{}[]\",:\\n 1tfx\xFF#/";
  for (size_t count = 1 + random() % 4; count > 0 && !text.empty(); --count) {
    const size_t at = random() % text.size();
    if (const auto kind = random() % 4; kind == 0)
      text.erase(at, 1 + random() % 40);
    else if (kind == 1)
      text.insert(at, 1, kBytes[random() % kBytes.size()]);
    else if (kind == 2)
      text[at] = kBytes[random() % kBytes.size()];
    else
      text.resize(at);
  }
}

}  // namespace

TEST_CASE("a damaged baseline is read or refused, with a line that exists") {
  const Report report = sample::report();
  const std::string whole = write_baseline(report, Redactor(report.findings));
  const unsigned seed = 21;
  std::mt19937 random(seed);
  for (int i = 0; i < 5'000; ++i) {
    std::string text = whole;
    damage(text, random);
    CAPTURE(seed, i, text);
    const auto read = read_baseline("b", text);
    if (read) {
      for (const auto& entry : read->entries)
        REQUIRE(is_fingerprint(entry.fingerprint));
    } else {
      const int line = std::stoi(read.error().message.substr(2));
      REQUIRE(line >= 1);
      REQUIRE(line <= 1 + std::count(text.begin(), text.end(), '\n'));
    }
  }
}

TEST_CASE("JSON that is written is valid and says the same, whatever the bytes") {
  const unsigned seed = 22;
  std::mt19937 random(seed);
  simdjson::dom::parser parser;
  for (int i = 0; i < 3'000; ++i) {
    std::string text;
    for (size_t length = random() % 30; text.size() < length;) {
      static constexpr std::string_view kBytes = "a\"\\/\n\x01#\x7F\xC3\xA9\xE2\x82\xAC\xF0\x9F\xFF\x80";
      text += random() % 8 == 0 ? static_cast<char>(random()) : kBytes[random() % kBytes.size()];
    }
    std::string expected;
    for (std::string_view rest = text; !rest.empty();) {
      const size_t length = first_character(rest).length;
      if (length == 0)
        expected += "\xEF\xBF\xBD";
      else
        expected += rest.substr(0, length);
      rest.remove_prefix(length == 0 ? 1 : length);
    }
    JsonOut out;
    out.open_array();
    out.string(text);
    out.close_array();
    const std::string json = out.take();
    std::string_view read;
    CAPTURE(seed, i, json);
    REQUIRE(parser.parse(json).at(0).get_string().get(read) == simdjson::SUCCESS);
    REQUIRE(read == expected);
    REQUIRE(json.find("##") == json.npos);
  }
}
