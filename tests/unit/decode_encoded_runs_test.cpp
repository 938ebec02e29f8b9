// SPDX-License-Identifier: Apache-2.0
// Each encoding by example: what is found, what it decodes to, and where its bytes come from.
#include <chrono>

#include "scanner/decode/content.h"
#include "scanner/decode/decoded_run.h"
#include "scanner/decode/utf8.h"
#include "tests/support/catch.h"
#include "tests/support/encoded_text.h"

namespace {

using namespace sealwarden;
using encoded_text::to_base64;
using encoded_text::to_hex;

std::vector<EncodedRun> find(Bytes text) {
  std::vector<EncodedRun> runs;
  find_encoded_runs(text, 0, text.size(), runs);
  return runs;
}

// The runs of one encoding.
std::vector<EncodedRun> find(Bytes text, Encoding encoding) {
  std::vector<EncodedRun> runs = find(text);
  std::erase_if(runs, [encoding](const EncodedRun& run) { return run.encoding != encoding; });
  return runs;
}

// What the only run of an encoding decodes to.
std::string decode_only(Bytes text, Encoding encoding) {
  const auto runs = find(text, encoding);
  if (runs.size() != 1) return "(" + std::to_string(runs.size()) + " runs)";
  const auto decoded = decode(text, runs[0]);
  return decoded ? std::string(decoded->text()) : "(none)";
}

// What encodes `part` of what the only run of an encoding decodes to.
std::string encoded_part(const std::string& text, Encoding encoding, std::string_view part) {
  const auto runs = find(text, encoding);
  if (runs.size() != 1) return "(" + std::to_string(runs.size()) + " runs)";
  const auto decoded = decode(text, runs[0]);
  const size_t at = decoded ? decoded->text().find(part) : std::string_view::npos;
  if (at == std::string_view::npos) return "(none)";
  const Window range = decoded->original_range(at, at + part.size());
  return text.substr(range.begin, range.end - range.begin);
}

const std::string kPlain = "user=operator and password=Tr0ub4dor, in a text of some length: 0123456789 ~!@#$%^&*()_+ {\"json\": [true, null]}";

}  // namespace

TEST_CASE("base64 is decoded in both alphabets, padded or not, wrapped in any way, at each length") {
  static constexpr std::string_view kWraps[] = {"\n", "\r\n", "\n        ", "\n\t", "\\n", "\\r\\n", "\\\n", "\\\r\n", "\\n\\\n  "};
  for (size_t size = 12; size < kPlain.size(); ++size)
    for (const std::string_view alphabet : {encoded_text::kStandard, encoded_text::kUrlSafe})
      for (const bool pad : {true, false})
        for (const size_t width : {size_t{0}, size_t{64}, size_t{76}}) {
          const std::string_view wrap = kWraps[size % std::size(kWraps)];
          const std::string plain = kPlain.substr(0, size);
          const std::string encoded = to_base64(plain, alphabet, pad, width, wrap);
          const std::string text = "key: \"" + encoded + "\"\nnext: line\n";
          CAPTURE(text);
          const auto runs = find(text, Encoding::base64);
          REQUIRE(runs.size() == 1);
          CHECK(runs[0] == EncodedRun{Encoding::base64, 6, 6 + encoded.size()});
          const auto decoded = decode(text, runs[0]);
          REQUIRE(decoded);
          REQUIRE((decoded->text() == plain));
        }
}

TEST_CASE("a range of what base64 decodes to comes from the characters that hold any bit of it") {
  for (const std::string_view wrap : {"", "\n   ", "\\n"}) {
    const std::string encoded = to_base64(kPlain, encoded_text::kStandard, true, wrap.empty() ? 0 : 40, wrap);
    // Where each character stands.
    std::vector<uint64_t> places;
    for (size_t i = 0; i < encoded.size(); ++i) {
      if (!wrap.empty() && encoded.compare(i, wrap.size(), wrap) == 0) i += wrap.size();
      places.push_back(2 + i);
    }
    const std::string text = "> " + encoded + "\n";
    const auto runs = find(text, Encoding::base64);
    REQUIRE(runs.size() == 1);
    const auto decoded = decode(text, runs[0]);
    REQUIRE(decoded);
    for (uint64_t begin = 0; begin < kPlain.size(); ++begin)
      for (uint64_t end = begin + 1; end <= kPlain.size(); ++end) {
        const Window range = decoded->original_range(begin, end);
        REQUIRE(range == Window{places[begin * 8 / 6], places[(end * 8 - 1) / 6] + 1});
      }
  }
}

TEST_CASE("positions hold in long runs") {
  std::string plain;
  for (int i = 0; i < 20'000; ++i) plain += "item " + std::to_string(i) + ";\n";
  for (const size_t width : {size_t{0}, size_t{76}}) {
    const std::string text = to_base64(plain, encoded_text::kStandard, true, width);
    const auto runs = find(text, Encoding::base64);
    REQUIRE(runs.size() == 1);
    const auto decoded = decode(text, runs[0]);
    REQUIRE(decoded);
    REQUIRE((decoded->text() == plain));
    for (uint64_t byte = 0; byte < plain.size(); byte += 997) {
      const uint64_t first = byte * 8 / 6, last = (byte * 8 + 7) / 6;
      const auto place = [width](uint64_t index) { return width == 0 ? index : index + index / width; };
      REQUIRE(decoded->original_range(byte, byte + 1) == Window{place(first), place(last) + 1});
    }
  }
}

TEST_CASE("what stands beside base64 is no part of it") {
  const std::string secret = "password=Tr0ub4dor&3";
  for (const std::string before : {"path/to-", "a+b_", "\\n", "\\t", "key=", "base64,", "Basic ", "a/b/"})
    CHECK(decode_only(before + to_base64(secret), Encoding::base64) == secret);
  // Lines of one block are joined, a key on the line behind is not, nor what is not of a line's length.
  const std::string line = to_base64(kPlain.substr(0, 48));
  CHECK(decode_only("a: |\n  " + line + "\n  token: x\n", Encoding::base64) == kPlain.substr(0, 48));
  CHECK(decode_only(line + "\n" + to_base64(secret) + "\n", Encoding::base64) == kPlain.substr(0, 48) + secret);
  CHECK(find(to_base64(kPlain) + to_base64(kPlain) + "\n" + line + "\n", Encoding::base64).size() == 2);
}

TEST_CASE("names, paths, hashes and binary data are no base64 and no hex") {
  for (const std::string text : {"getElementByIdAndClassName", "usr/share/doc/packages/readme", "SOME_CONSTANT_OF_THE_LIBRARY", "----------------------",
                                 "da39a3ee5e6b4b0d3255bfef95601890afd80709", "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069",
                                 "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "00000000000000000000000000000000000000000000"})
    CHECK(find(text).empty());
  CHECK(find("Z2hwX3Nob3J0", Encoding::base64).empty());  // 12 characters
}

TEST_CASE("UTF-16 and compressed data in base64 are decoded") {
  std::string wide;
  for (const char c : std::string("Write-Host secret")) wide += {c, '\0'};
  CHECK(decode_only("powershell -enc " + to_base64(wide), Encoding::base64) == wide);
  CHECK(wide_form(wide) == WideText::Form::utf16_little);
  using namespace std::string_view_literals;
  for (const std::string_view magic :
       {"\x1F\x8B\x08\0"sv, "PK\x03\x04"sv, "BZh9"sv, "\xFD\x37zXZ\0"sv, "\x28\xB5\x2F\xFD"sv, "7z\xBC\xAF\x27\x1C"sv, "\x78\x9C\xED\xBD"sv}) {
    const std::string data = std::string(magic) + std::string(40, '\x93');
    CHECK(is_compressed(data));
    CHECK(decode_only(to_base64(data), Encoding::base64) == data);
    CHECK(decode_only(to_hex(data), Encoding::hex) == data);
  }
  CHECK_FALSE(is_compressed("x"));
  CHECK_FALSE(is_compressed("xy"));
}

TEST_CASE("a text head before binary data is not enough") {
  std::string binary = "looks like text at first, ";
  for (int i = 0; i < 500; ++i) binary += static_cast<char>(i * 7 % 256);
  const std::string text = to_base64(binary);
  const auto runs = find(text, Encoding::base64);
  const auto whole = std::find(runs.begin(), runs.end(), EncodedRun{Encoding::base64, 0, text.size()});
  REQUIRE(whole != runs.end());
  CHECK_FALSE(decode(text, *whole));
}

TEST_CASE("hex is decoded as digits, wrapped, and as lists") {
  for (const bool capitals : {false, true}) {
    CHECK(decode_only("x = '" + to_hex(kPlain, "", "", capitals) + "'", Encoding::hex) == kPlain);
    CHECK(decode_only("{" + to_hex(kPlain, "0x", ", ", capitals) + "}", Encoding::hex) == kPlain);
    CHECK(decode_only("{" + to_hex(kPlain, " 0X", ",\n    ", capitals) + "}", Encoding::hex) == kPlain);
  }
  const std::string digits = to_hex(kPlain);
  CHECK(decode_only(digits.substr(0, 60) + "\n" + digits.substr(60, 60) + "\n" + digits.substr(120, 20) + "\n", Encoding::hex) == kPlain.substr(0, 70));
  CHECK(find(digits.substr(0, 63), Encoding::hex).empty());  // odd
  CHECK(find(to_hex("fifteen bytes :", "0x", ",")).empty());
  CHECK(encoded_part("a " + digits, Encoding::hex, "Tr0ub4dor") == to_hex("Tr0ub4dor"));
  CHECK(encoded_part("{" + to_hex(kPlain, "0x", ", ") + "}", Encoding::hex, "Tr0") == "0x54, 0x72, 0x30");
  CHECK(decode_only("0x9, 0x41,0x42,0x43 0x44 0x45 0x46 0x47 0x48 0x49 0x4a 0x4b 0x4c 0x4d 0x4e 0x4f", Encoding::hex) == "\tABCDEFGHIJKLMNO");
}

TEST_CASE("escapes are decoded with what stands around them, and map back as a whole") {
  struct Row { Encoding encoding; std::string text, decoded, part, original; };
  const Row rows[] = {
      {Encoding::percent, "GET /?k%3DTr0%75b%zz", "GET /?k=Tr0ub%zz", "Tr0u", "Tr0%75"},
      {Encoding::unicode_escape, "a = \"\\u0054r\\x30\\U00000075\\u{62}4\\uD83D\\uDE00\\uD800\"",
       "a = \"Tr0ub4\xF0\x9F\x98\x80\xEF\xBF\xBD\"", "r0u", "r\\x30\\U00000075"},
      {Encoding::unicode_escape, "\\\\u0041 \\x41 \\x", "\\\\u0041 A \\x", "A", "\\x41"},
      {Encoding::html_entity, "<a k=&quot;&#84;r&#x30;&amp;&lt;&gt;&apos;&nbsp;", "<a k=\"Tr0&<>'&nbsp;", "\"Tr", "&quot;&#84;r"},
      {Encoding::quoted_printable, "k=3DTr=30=75b=\nq", "k=Tr0ub=", "0u", "=30=75"},
      {Encoding::string_escape, R"({"k\"\/: \\n\nTr0\t"})", "{\"k\"/: \\n\nTr0\t\"}", "\nTr0", R"(\nTr0)"},
      {Encoding::concatenation, "k = \"Tr0\" + \"ub4\" +\n  'dor'", "k = \"Tr0ub4dor'", "0ub4d", "0\" + \"ub4\" +\n  'd"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(decode_only(row.text, row.encoding) == row.decoded);
    CHECK(encoded_part(row.text, row.encoding, row.part) == row.original);
  }
}

TEST_CASE("soft line breaks of mail are taken out") {
  const std::string line = "token=3DAbCdEf" + std::string(50, 'x') + "Tr0u";
  CHECK(decode_only(line + "=\r\nb4dor\r\nnext=3D\r\n", Encoding::quoted_printable) == "token=AbCdEf" + std::string(50, 'x') + "Tr0ub4dor");
  CHECK(encoded_part(line + "=\nb4dor\n", Encoding::quoted_printable, "ub") == "u=\nb");
  // One break is enough at the end of a mail's line, within a word.
  const auto broken = [](size_t length) { return "k\n" + std::string(length - 5, 'x') + " Tr0=\nub4dor and no more\n"; };
  for (const size_t length : {73U, 76U, 77U}) CHECK(find(broken(length), Encoding::quoted_printable).size() == 1);
  for (const size_t length : {60U, 72U, 78U, 90U}) CHECK(find(broken(length), Encoding::quoted_printable).empty());
  CHECK(find("k\n" + std::string(75, 'x') + "=\n-----END", Encoding::quoted_printable).empty());
  CHECK(find("KEY=\nFOO=\nBAR=\n").empty());
  CHECK(find("width=20 height=41").empty());
}

TEST_CASE("literals that are one are put together") {
  for (const std::string joint : {"\" + \"", "' . '", "\"  \"", "\"\n    \"", "\" & \"", "\" .. \"", "\" ~ \"", "\" \\\n \"", "\"+\"", "\" || \"", "' + \""})
    CHECK(decode_only("(\"Tr0" + joint + "ub4\")", Encoding::concatenation) == "(\"Tr0ub4\")");
  for (const std::string joint : {"\", \"", "\"\"", "\" '", "\" - \"", "\" +\" \"", "\\\" + \""})
    CHECK(find("(\"Tr0" + joint + "ub4\")", Encoding::concatenation).empty());
  CHECK(find("\"one line\\n\"\n  \"and another\\n\"", Encoding::concatenation).empty());  // parts no word
}

TEST_CASE("what is between escapes that are far apart stays out") {
  const std::string far(300, ' ');
  const auto runs = find("a%41" + far + "b%42", Encoding::percent);
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].end == 4 + 128);
  CHECK(runs[1].begin == 4 + 300 + 1 - 128);
  CHECK(find("a%41\nb%42", Encoding::percent).size() == 2);
  // A token is not cut.
  const std::string token(1000, 'T');
  CHECK(decode_only("k%3D" + token + " " + far, Encoding::percent) == "k=" + token);
  CHECK(decode_only(far + " " + token + "%3D", Encoding::percent) == token + "=");
  // Nor is what no secret can hide in decoded: letters outside ASCII, control characters.
  CHECK(find("\\u4f60\\u597d \\x1b[0m %e4%bd%a0 &#20320; \\n").empty());
}

TEST_CASE("hostile texts take no longer than others") {
  using Clock = std::chrono::steady_clock;
  constexpr size_t kSize = 16 << 20;
  const auto repeat = [](std::string_view part) {
    std::string text;
    while (text.size() < kSize) text += part;
    return text;
  };
  const std::string long_line(60, 'x');
  const std::string texts[] = {
      repeat("IGFi"), repeat("41"), repeat("0x41,"), repeat("%41"), repeat("\\"), repeat("\\\\n"), repeat("\""), repeat("\" "), repeat("=\n"),
      repeat("&"), repeat("&lt;"), repeat("a\"" + std::string(127, ' ')), repeat(long_line + "=\n"), repeat("aaaaaaaaaaaaaaaa-"),
      repeat("I/aaaaaaaaaaaaaa-"), repeat("IGFiIGFiIGFiIGFiIGFiIGFiIGFiIGFi\n"), repeat("IGFiIGFiIGFiIGFi "),
      repeat("%41" + std::string(200, 'x')), repeat("%41" + std::string(260, 'x')), repeat("\\u0041" + std::string(4100, 'x')),
      std::string(kSize, 'I'), std::string(kSize, '\0')};
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 150));
    const auto start = Clock::now();
    uint64_t decoded = 0;
    const auto runs = find(text);
    for (const EncodedRun& run : runs)
      if (const auto made = decode(text, run)) decoded += made->original_range(made->text().size() / 2, made->text().size() / 2 + 1).end > 0;
    CHECK(runs.size() <= kSize / 8);
    CHECK(decoded <= runs.size());
    CHECK(Clock::now() - start < std::chrono::seconds(20));  // a quarter of a second, without sanitizers
  }
}

TEST_CASE("what is read beyond a range is told") {
  constexpr size_t kSize = 100'000;
  const auto repeat = [](std::string_view part) {
    std::string text;
    while (text.size() < kSize) text += part;
    return text;
  };
  // Runs, and what turns out to be none at its start or its end; how much of the text is read for one byte in its middle: the
  // half to the start, or all of it.
  const std::pair<std::string, bool> texts[] = {
      {repeat("\\\"k%41\\\": 1, "), true}, {repeat("&lt;b&gt; "), true}, {repeat("\"+\"abc"), true}, {repeat("\\u0041"), true},
      {repeat("0x41, "), true}, {repeat("0xf1, "), true}, {repeat("IGFi"), true}, {repeat("v/8x"), true}, {repeat("4142"), true},
      {"a" + repeat("4142"), true}, {repeat("IGFiIGFiIGFiIGFiIGFiIGFiIGFiIGFi\n"), true}, {repeat(std::string(64, 'I') + "\n"), false},
      {repeat(std::string(64, 'f') + "\n"), false}};
  for (const auto& [text, all] : texts) {
    CAPTURE(text.substr(0, 100));
    std::vector<EncodedRun> runs;
    const uint64_t at = text.size() / 2, beyond = find_encoded_runs(text, at, at + 1, runs);
    CHECK(beyond + 200 >= (all ? text.size() : text.size() / 2));
    CHECK(beyond < text.size());
    runs.clear();
    CHECK(find_encoded_runs(text, 0, text.size(), runs) == 0);
  }
  // Elsewhere it is what a run's bounds can hang on.
  const std::string words = repeat("const char* const word = \"plain\", other = 'words';\n");
  std::vector<EncodedRun> runs;
  CHECK(find_encoded_runs(words, 50'000, 50'001, runs) < 1000);
  CHECK(runs.empty());
}

TEST_CASE("UTF-32 is decoded, with a mark or without") {
  for (const bool little : {true, false})
    for (const bool mark : {true, false}) {
      std::string blob;
      const auto append = [&](uint32_t value) {
        for (int i = 0; i < 4; ++i) blob += static_cast<char>(value >> (little ? 8 * i : 24 - 8 * i) & 0xFF);
      };
      if (mark) append(0xFEFF);
      for (const char c : kPlain) append(static_cast<unsigned char>(c));
      append(0x1F600);
      append(0xD800);
      append(0x110000);
      append('k');
      const auto form = wide_form(blob);
      REQUIRE(form == (little ? WideText::Form::utf32_little : WideText::Form::utf32_big));
      const WideText text(blob, *form);
      CHECK(text.encoding() == (little ? "utf-32le" : "utf-32be"));
      CHECK(text.text() == (mark ? "\xEF\xBB\xBF" : "") + kPlain + "\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBDk");
      const uint64_t before = mark ? 3 : 0;
      CHECK(text.original_offset(before + 10) == (mark ? 4 : 0) + 40);
      CHECK(text.original_offset(text.text().size() - 1) == blob.size() - 4);
      CHECK(text.original_offset(text.text().size()) == blob.size());
    }
  CHECK_FALSE(wide_form(std::string(64, '\0')));
  CHECK_FALSE(wide_form("plain text, no more"));
}

TEST_CASE("text is counted by bytes, in well-formed sequences") {
  CHECK(count_text("plain\ttext\r\n") == 12);
  CHECK(count_text(std::string_view("\0\x01\x7F\x1B", 4)) == 0);
  CHECK(count_text("\xC3\xA9\xE4\xBD\xA0\xF0\x9F\x98\x80") == 9);
  CHECK(count_text("\xE4\xBD") == 2);  // cut off
  CHECK(count_text("\xE4\xBDx") == 1);
  CHECK(count_text("\xC0\x80\xFF\xF8") == 0);
}

TEST_CASE("encodings within encodings come out one by one") {
  const std::string inner = "{\"password\": \"Tr0ub4dor\"}";
  const std::string middle = "some words around it: " + to_base64(inner);
  const std::string outer = to_base64(middle);
  CHECK(decode_only(outer, Encoding::base64) == middle);
  CHECK(decode_only(middle, Encoding::base64) == inner);
}
