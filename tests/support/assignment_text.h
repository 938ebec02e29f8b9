// SPDX-License-Identifier: Apache-2.0
// Texts that are nasty for whoever reads assignments: every form and quote, keywords of all lengths, gaps and values around
// the reaches, lists, and all of that encoded; cut anywhere.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "rules/rule.h"
#include "tests/support/archive_maker.h"
#include "tests/support/encoded_text.h"

namespace assignment_text {

class Maker {
 public:
  // `keywords`: those of the rules; not empty.
  Maker(std::mt19937& random, const std::vector<std::string>& keywords) : random_(random), keywords_(keywords) {}

  size_t pick(size_t below) { return random_() % below; }

  // One to three assignments and what stands between them; one in five encoded, one in a hundred twice.
  std::string text() {
    std::string made = assignment();
    while (pick(3) == 0) made += gap() + assignment();
    for (size_t times = pick(5) == 0 ? 1 + (pick(20) == 0 ? 1 : 0) : 0; times > 0; --times) made = encode(made);
    if (pick(6) == 0 && !made.empty()) made.erase(pick(made.size()), 1 + pick(12));
    if (pick(8) == 0) made.insert(pick(made.size() + 1), one_of(kScraps));
    return made + std::string(one_of(kEnds));
  }

  std::string gap() {
    switch (pick(8)) {
      case 0: return std::string(pick(120), ' ');
      case 1: return "\n" + std::string(pick(60), ' ');
      case 2: return some("abcdefgh 01", 40 + pick(600));
      case 3: return std::string("\n");
      case 4: return some("ab1=\"' ,:;([{<>&\\\n", pick(12));
      default: return std::string(one_of(kEnds));
    }
  }

 private:
  template <size_t size>
  std::string_view one_of(const std::string_view (&all)[size]) { return all[pick(size)]; }

  std::string some(std::string_view letters, size_t size) {
    std::string made(size, ' ');
    for (char& c : made) c = letters[pick(letters.size())];
    return made;
  }

  // About as long as the reaches allow, now and then.
  size_t near(size_t reach) { return pick(5) == 0 ? reach - std::min<size_t>(reach, 12) + pick(24) : pick(8); }

  std::string key() {
    std::string made;
    if (pick(2) == 0) made += some(pick(3) == 0 ? "abc_-.X\xC3\xA9" : "abcdXYZ_", near(sealwarden::kLongestAssignment / 10));
    made += keywords_[pick(keywords_.size())];
    if (pick(6) == 0)
      for (char& c : made)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (pick(3) == 0) made += one_of(kEndings);
    if (pick(8) == 0) made += some("abc_-.9", near(48));
    return made;
  }

  std::string value() {
    static constexpr std::string_view kBase62 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    switch (pick(9)) {
      case 0: return std::string(one_of(kWords));
      case 1: return some("0123456789abcdef", 32);
      case 2: return some(kBase62, pick(4) == 0 ? 280 + pick(40) : 8 + pick(40));
      case 3: return keywords_[pick(keywords_.size())] + some(kBase62, pick(12));
      case 4: return some("ab1 $%{}\\'\"`,;:)(", pick(30));
      default: return "Ki" + some(kBase62, 4 + pick(12)) + "!" + some("0123456789", pick(4));
    }
  }

  std::string quoted() {
    const std::string_view quote = one_of(kQuotes);
    return std::string(quote) + value() + std::string(pick(25) == 0 ? one_of(kQuotes) : quote);
  }

  std::string space(size_t most) { return pick(4) == 0 ? some(" \t\n", pick(most + 1)) : pick(2) == 0 ? " " : ""; }

  std::string list() {
    std::string made = std::string(pick(4) == 0 ? "(" : "[") + space(44);
    for (size_t items = 1 + pick(pick(6) == 0 ? 60 : 5); items > 0; --items) made += quoted() + space(44) + (items > 1 ? "," : "") + space(44);
    return made + "]";
  }

  std::string right_side() {
    switch (pick(9)) {
      case 0: return list();
      case 1: return std::string(one_of(kCalls)) + quoted() + ")";
      case 2: return value();
      case 3: return value() + " " + value();
      default: return quoted();
    }
  }

  std::string assignment() {
    const std::string name = key(), quote(one_of(kQuotes));
    switch (pick(12)) {
      case 0: return "name=" + quote + name + quote + space(100) + (pick(2) == 0 ? "value=" : "\"value\": ") + right_side();
      case 1: return "- name: " + name + "\n" + space(90) + "value: " + right_side();
      case 2: return "<" + name + ">" + (pick(5) == 0 ? "<![CDATA[" : "") + value() + "</" + name + ">";
      case 3: return "--" + name + (pick(2) == 0 ? "=" : " ") + right_side();
      case 4: return std::string(pick(2) == 0 ? "?" : "&") + name + "=" + value() + "&b=1";
      case 5: return "f(" + quote + name + quote + space(20) + ", " + right_side() + ")";
      case 6: return name + "(" + right_side() + ")";
      case 7: return "x[" + quote + name + quote + "] = " + right_side();
      default: return (pick(2) == 0 ? quote + name + quote : name) + space(34) + std::string(one_of(kJoins)) + space(50) + right_side();
    }
  }

  std::string encode(const std::string& text) {
    using encoded_text::to_base64;
    using encoded_text::to_hex;
    switch (pick(10)) {
      case 0: return to_base64(text, encoded_text::kUrlSafe, false);
      case 1: return to_base64(text, encoded_text::kStandard, true, 64 + pick(13), pick(2) == 0 ? "\n" : "\\n");
      case 2: return to_hex(text);
      case 3: return to_hex(text, "%");
      case 4: return to_hex(text, "\\x");
      case 5: return to_hex(text, "\\u00");
      case 6: return to_hex(text, "&#x", ";");
      case 7: return to_base64(sealwarden::compress("gzip", text));
      case 8: {  // only some bytes, so that a name stands plain before its value
        std::string made;
        for (const char c : text) made += pick(9) == 0 ? to_hex(std::string(1, c), "%") : std::string(1, c);
        return made;
      }
      default: return to_base64(text);
    }
  }

  static constexpr std::string_view kScraps[] = {"\"", "'", "=", "\n", "\\", "]", "[", "(", "{", ",", ":", "\"\"", " ", "%41", "\\x41", "\" + \"", "&amp;"};
  static constexpr std::string_view kEnds[] = {"\n", ";\n", " ", "", ",", "\"", "# sealwarden:allow\n", ")", "&", "\r\n", "' + x", "\" . y", "\" % (a)"};
  static constexpr std::string_view kEndings[] = {"_key", "Key", "_id", "2", "-", ".", "word", "s", "_name", "[0]", "?", "!", "]"};
  static constexpr std::string_view kWords[] = {"changeme", "password", "banana", "${PASS}", "{{ x }}", "12345678", "/run/db", "a b c", "Correct horse"};
  static constexpr std::string_view kQuotes[] = {"\"", "\"", "\"", "'", "'", "`", "\\\"", "\\\\\\\"", "&quot;", "&#34;", "&#39;", "\"\"\"", "'''", "''", ""};
  static constexpr std::string_view kCalls[] = {"Some(", "os.getenv(\"X\", ", "process.env.X || (", "new String(", "compile(", "f(a, ", "env['X'] or ("};
  static constexpr std::string_view kJoins[] = {"=",  " = ", ": ", ":=", "=>",  "->", "==", "!=",      "||=",           "?=",   " ",  "::",
                                                ": str = ", "[16] = ", " { get; set; } = ", "<-", ">", ",", " ?? ", "?: string = ", "=~", ": {", "= {"};

  std::mt19937& random_;
  const std::vector<std::string>& keywords_;
};

// The keywords of all rules that read assignments.
inline std::vector<std::string> keywords_of(const std::vector<sealwarden::Rule>& rules) {
  std::vector<std::string> words;
  for (const sealwarden::Rule& rule : rules) words.insert(words.end(), rule.keywords.begin(), rule.keywords.end());
  return words;
}

// These rules alone: a slow scan with all of them would take most of a test's time.
inline std::vector<sealwarden::Rule> only(std::vector<sealwarden::Rule> rules, const std::vector<std::string>& ids) {
  std::erase_if(rules, [&](const sealwarden::Rule& rule) { return std::find(ids.begin(), ids.end(), rule.id) == ids.end(); });
  return rules;
}

}  // namespace assignment_text
