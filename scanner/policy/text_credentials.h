// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "rules/lexicon.h"

namespace sealwarden {

// Credentials that lie within a text: in a URL, a connection string, the words of a command. All give views of `text`, in its
// order, of the literal parts alone: a password that is a variable or says "put something here" is none. Pure, linear but for the
// depth of texts within texts (two).

// Passwords of URLs ("postgres://app:x@db/y", "redis://:x@h"), of their queries ("jdbc:...?user=a&password=x") and of connection
// strings ("Server=s;Password=x", "AccountKey=x", "host=h password=x").
std::vector<std::string_view> credentials_in_text(const Lexicon& lexicon, std::string_view text);

// A shell's command line, or a script: options ("--password=x", "curl -u a:x", "docker login -p x"), variables ("PGPASSWORD=x"),
// what is piped into chpasswd, what is written into .netrc and .npmrc, and what credentials_in_text() finds.
std::vector<std::string_view> credentials_in_command(const Lexicon& lexicon, std::string_view text);
// The same of a command that is given word by word ("exec form"). Words that hold blanks are read as commands too.
std::vector<std::string_view> credentials_in_words(const Lexicon& lexicon, const std::vector<std::string_view>& words);

// `NAME=value` where NAME could be a variable's; false: it is no such text. Views of `text`.
bool split_assignment(std::string_view text, std::string_view& name, std::string_view& value);

}  // namespace sealwarden
