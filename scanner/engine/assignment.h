// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "rules/rule.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// A value that is given to a name, in whatever language: `password = "v"`, `"password": "v"`, `DB_PASSWORD=v`,
// `setPassword("v")`, `<password>v</password>`, `name="password" value="v"`, `--password v`, `?password=v`.
// Offsets into the text that was read.
struct Assignment {
  // What joins the name and the value.
  enum class Form : uint8_t { equals, colon, arrow, comparison, call, argument, element, paired, blank };
  enum class Quote : uint8_t { none, single, plain, backtick, element };

  uint64_t key_begin = 0, key_end = 0;      // of the whole name, without quotes and leading dashes
  uint64_t value_begin = 0, value_end = 0;  // without quotes
  uint64_t end = 0;                         // behind the closing quote
  Form form = Form::equals;
  Quote quote = Quote::none;
  bool option = false;      // the name is an option of a command line: --password, -Password
  bool query = false;       // the name follows ? or &: a parameter of a URL or form
  bool inside = false;      // name and bare value are all of a literal: "db.password=v"; or of a row of such pairs; or ${name:v}
  bool tight = false;       // no blank around what joins them
  bool called = false;      // the value is an argument of a function on the right-hand side
  bool listed = false;      // the value is the first of a list
  bool continued = false;   // something is joined to the literal that is none
  bool sentence = false;    // unquoted, and more words follow on the line
  bool nested = false;      // an element within the element that is named: <name>password</name><value>v</value>
  bool starts_line = false; // nothing stands before the name on its line, but for a word that sets it
  bool fills_line = false;  // unquoted, and nothing follows on the line
};

// How far reading looks: before the key word, from its end to the value, and over a value. A match is so never longer than
// kLongestAssignment, and reading sees no more than one byte on either side of what these allow.
inline constexpr uint64_t kKeyReach = 48, kGapReach = 96, kValueReach = 300;
static_assert(2 * kKeyReach + kGapReach + kValueReach + 20 <= kLongestAssignment);

// Reads the assignment whose name holds the word [word_begin, word_end) of the text; nullopt if that is none. The value is
// not judged: it may be empty or an expression. Pure; looks at no byte beyond the reaches above.
std::optional<Assignment> read_assignment(Bytes text, uint64_t word_begin, uint64_t word_end);

// The next value of the list, if `found` is a value of one and the next begins within kValueReach of the name.
std::optional<Assignment> next_in_list(Bytes text, const Assignment& found);

}  // namespace sealwarden
