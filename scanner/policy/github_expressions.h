// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

// The language of `${{ }}` in workflows and actions of GitHub, as far as one has to know what a value is made of.

// A context that an expression names: github.event.issue.title, secrets['A'], env.B.
struct GithubContext {
  std::string name;              // in lower case; ['x'] is ".x", [0], [expr] and .* are ".*"
  size_t begin = 0, end = 0;     // in the text that was read
  bool flows = false;            // its characters can be in the value: not of what is compared or asked
  bool is_whole = false;         // what lies below it flows too: within toJSON()
  bool is_parsed = false;        // within fromJSON()
  bool has_computed_key = false; // a step is [expr], with expr no literal
};

// One `${{ ... }}`.
struct GithubExpression {
  size_t begin = 0, end = 0;  // with its marks
  bool is_read = false;       // false: it is no expression that GitHub would take; contexts are those found before
  std::vector<GithubContext> contexts;
};

// All expressions of a text, in its order. Linear in the text; nested deeper than 48 levels they are not read.
std::vector<GithubExpression> github_expressions(std::string_view text);

// Who decides what a context holds.
enum class GithubAuthor {
  nobody,    // GitHub: a number, a hash, one of few words
  writer,    // one who may write to the repository: names of branches and tags, inputs of a manual run
  outsider,  // anyone: titles, bodies, messages, branch names of forks
};
// Of a name as in GithubContext. `whole`: or of anything below it.
GithubAuthor github_author(std::string_view name, bool whole);

}  // namespace sealwarden
