// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/github_expressions.h"

#include <algorithm>
#include <utility>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr int kDeepest = 48;
constexpr size_t kLongest = 21'000;     // bytes of an expression, as GitHub has it
constexpr size_t kMostUnclosed = 50;    // marks without an end, of a text: behind them none is looked for

enum class Token { end, name, text, number, sign, wrong };

struct Lexeme {
  Token kind = Token::end;
  std::string_view text;  // of a text: between its quotes
  size_t begin = 0, end = 0;
};

bool is_name_start(char c) { return is_letter(c) || c == '_'; }
bool is_name_part(char c) { return is_word(c) || c == '-'; }

// Where the `}}` of an expression that begins before `at` stands: not within its texts.
size_t find_close(std::string_view text, size_t at) {
  bool quoted = false;
  text = text.substr(0, at + kLongest);
  for (; at < text.size(); ++at) {
    if (text[at] == '\'') quoted = !quoted;
    if (!quoted && text.substr(at).starts_with("}}")) return at;
  }
  return std::string_view::npos;
}

// Functions that answer a question about their arguments, or make numbers of them.
bool hides_arguments(std::string_view function) {
  static constexpr std::string_view kNames[] = {"contains", "startswith", "endswith", "hashfiles", "success", "failure", "always", "cancelled"};
  return std::find(std::begin(kNames), std::end(kNames), function) != std::end(kNames);
}

// Reads one expression. Contexts are listed as they come; what a part is made of is a range of that list.
class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, size_t begin, size_t end, GithubExpression& out) : text_(text.substr(0, end)), at_(begin), out_(out) { advance(); }

  bool read() {
    const bool is_read = either(0);
    return is_read && token_.kind == Token::end;
  }

 private:
  void advance() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    token_ = {Token::end, {}, at_, at_};
    if (at_ == text_.size()) return;
    const char c = text_[at_];
    size_t end = at_ + 1;
    if (c == '\'') return read_text();
    if (is_name_start(c)) {
      while (end < text_.size() && is_name_part(text_[end])) ++end;
      token_.kind = Token::name;
    } else if (is_digit(c) || ((c == '-' || c == '+') && end < text_.size() && (is_digit(text_[end]) || text_[end] == '.'))) {
      while (end < text_.size() && (is_word(text_[end]) || text_[end] == '.')) ++end;
      token_.kind = Token::number;
    } else {
      const std::string_view two = text_.substr(at_, 2);
      const bool is_double = two == "&&" || two == "||" || two == "==" || two == "!=" || two == "<=" || two == ">=";
      end = at_ + (is_double ? 2 : 1);
      token_.kind = is_double || std::string_view("().[],!<>*").find(c) != std::string_view::npos ? Token::sign : Token::wrong;
    }
    token_.text = text_.substr(at_, end - at_);
    token_.end = at_ = end;
  }

  void read_text() {
    size_t end = at_ + 1;
    while (end < text_.size() && (text_[end] != '\'' || text_.substr(end, 2) == "''")) end += text_[end] == '\'' ? 2 : 1;
    token_.kind = end < text_.size() ? Token::text : Token::wrong;
    token_.text = text_.substr(at_ + 1, std::min(end, text_.size()) - at_ - 1);
    token_.end = at_ = std::min(end + 1, text_.size());
  }

  bool take(std::string_view sign) {
    if (token_.kind != Token::sign || token_.text != sign) return false;
    advance();
    return true;
  }

  // What is compared or asked for does not become part of the value.
  void stop_flow(size_t first) {
    for (size_t i = first; i < out_.contexts.size(); ++i) out_.contexts[i].flows = false;
  }

  bool either(int depth) {
    if (depth > kDeepest) return false;
    do {
      if (!both(depth)) return false;
    } while (take("||"));
    return true;
  }

  // Of `a && b` the value is b, or an a that is empty.
  bool both(int depth) {
    for (;;) {
      const size_t first = out_.contexts.size();
      if (!comparison(depth)) return false;
      if (!take("&&")) return true;
      stop_flow(first);
    }
  }

  bool comparison(int depth) {
    const size_t first = out_.contexts.size();
    bool compares = false;
    for (;;) {
      if (!negation(depth)) return false;
      if (!take("==") && !take("!=") && !take("<=") && !take(">=") && !take("<") && !take(">")) break;
      compares = true;
    }
    if (compares) stop_flow(first);
    return true;
  }

  bool negation(int depth) {
    bool negates = false;
    while (take("!")) negates = true;
    const size_t first = out_.contexts.size();
    if (!operand(depth)) return false;
    if (negates) stop_flow(first);
    return true;
  }

  bool operand(int depth) {
    if (token_.kind == Token::text || token_.kind == Token::number) {
      advance();
      return true;
    }
    if (take("(")) return either(depth + 1) && take(")") && steps(depth, nullptr);
    if (token_.kind != Token::name) return false;
    const Lexeme name = token_;
    advance();
    if (take("(")) return call(depth, lower_case(name.text)) && steps(depth, nullptr);
    const std::string lower = lower_case(name.text);
    if (lower == "true" || lower == "false" || lower == "null" || lower == "nan" || lower == "infinity") return true;
    GithubContext context{.name = lower, .begin = name.begin, .end = name.end, .flows = true};
    if (!steps(depth, &context)) return false;
    out_.contexts.push_back(std::move(context));
    return true;
  }

  bool call(int depth, const std::string& function) {
    const size_t first = out_.contexts.size();
    if (!take(")")) {
      do {
        const size_t argument = out_.contexts.size();
        if (!either(depth + 1)) return false;
        // case(question, value, ..., otherwise): questions are those followed by a value; taken as values, which errs to the safe side.
        for (size_t i = argument; i < out_.contexts.size(); ++i) {
          if (function == "tojson" || function == "join") out_.contexts[i].is_whole = true;
          if (function == "fromjson") out_.contexts[i].is_parsed = true;
        }
      } while (take(","));
      if (!take(")")) return false;
    }
    if (hides_arguments(function)) stop_flow(first);
    return true;
  }

  // .name, .*, [expr] behind an operand; `context` is null behind calls and brackets.
  bool steps(int depth, GithubContext* context) {
    for (;;) {
      if (take(".")) {
        if (token_.kind != Token::name && !(token_.kind == Token::sign && token_.text == "*")) return false;
        if (context != nullptr) context->name += "." + lower_case(token_.text);
        if (context != nullptr) context->end = token_.end;
        advance();
      } else if (token_.kind == Token::sign && token_.text == "[") {
        advance();
        if (!index(depth, context)) return false;
      } else {
        return true;
      }
    }
  }

  bool index(int depth, GithubContext* context) {
    const Lexeme key = token_;
    if (take("*")) {
      if (context != nullptr) context->name += ".*";
    } else {
      const size_t first = out_.contexts.size();
      if (!either(depth + 1)) return false;
      stop_flow(first);
      const bool is_literal = (key.kind == Token::text || key.kind == Token::number) && token_.kind == Token::sign && token_.text == "]" &&
                              out_.contexts.size() == first && only_blanks(key.end, token_.begin);
      if (context != nullptr) {
        context->name += key.kind == Token::text && is_literal ? "." + lower_case(key.text) : std::string(".*");
        context->has_computed_key = context->has_computed_key || !is_literal;
      }
    }
    if (context != nullptr) context->end = token_.end;
    return take("]");
  }

  [[nodiscard]] bool only_blanks(size_t begin, size_t end) const {
    return std::all_of(text_.begin() + static_cast<ptrdiff_t>(begin), text_.begin() + static_cast<ptrdiff_t>(end), is_space);
  }

  std::string_view text_;
  size_t at_;
  Lexeme token_;
  GithubExpression& out_;
};

// What outsiders write. `*`: any one step.
constexpr std::string_view kOfOutsiders[] = {
    "github.head_ref", "github.event.issue.title", "github.event.issue.body", "github.event.pull_request.title", "github.event.pull_request.body",
    "github.event.pull_request.head.ref", "github.event.pull_request.head.label", "github.event.pull_request.head.repo.default_branch",
    "github.event.pull_request.head.repo.description", "github.event.pull_request.head.repo.homepage", "github.event.comment.body",
    "github.event.review.body", "github.event.review_comment.body", "github.event.discussion.title", "github.event.discussion.body",
    "github.event.answer.body", "github.event.pages.*.page_name", "github.event.pages.*.title", "github.event.pages.*.summary",
    "github.event.commits.*.message", "github.event.commits.*.author.name", "github.event.commits.*.author.email",
    "github.event.commits.*.committer.name", "github.event.commits.*.committer.email", "github.event.head_commit.message",
    "github.event.head_commit.author.name", "github.event.head_commit.author.email", "github.event.head_commit.committer.name",
    "github.event.head_commit.committer.email", "github.event.commit.commit.message", "github.event.commit.commit.author.name",
    "github.event.commit.commit.author.email", "github.event.commit.commit.committer.name", "github.event.commit.commit.committer.email",
    "github.event.merge_group.head_commit.message", "github.event.merge_group.head_commit.author.name",
    "github.event.merge_group.head_commit.author.email", "github.event.workflow_run.head_branch", "github.event.workflow_run.display_title",
    "github.event.workflow_run.head_commit.message", "github.event.workflow_run.head_commit.author.name",
    "github.event.workflow_run.head_commit.author.email", "github.event.workflow_run.head_commit.committer.name",
    "github.event.workflow_run.head_commit.committer.email", "github.event.workflow_run.head_repository.description",
    "github.event.workflow_run.pull_requests.*.head.ref", "github.event.check_suite.head_branch", "github.event.check_suite.head_commit.message",
    "github.event.check_suite.pull_requests.*.head.ref", "github.event.check_run.check_suite.head_branch",
    "github.event.check_run.pull_requests.*.head.ref", "github.event.forkee.name", "github.event.forkee.description",
    "github.event.changes.title.from", "github.event.changes.body.from", "github.event.changes.new_discussion.title",
    "github.event.changes.new_discussion.body", "github.event.changes.new_issue.title", "github.event.changes.new_issue.body",
    "github.event.label.name", "github.event.label.description",
    "github.event.issue.labels.*.name",
    "github.event.pull_request.labels.*.name", "github.event.sender.name", "github.event.pull_request.user.name"};

// What those write who may push, tag, release, or start runs by hand.
constexpr std::string_view kOfWriters[] = {
    "github.ref", "github.ref_name", "github.base_ref", "github.event.ref", "github.event.base_ref", "github.event.pull_request.base.ref",
    "github.event.release.name", "github.event.release.body", "github.event.release.tag_name", "github.event.release.target_commitish",
    "github.event.inputs.*", "github.event.client_payload.*", "github.event.milestone.title", "github.event.milestone.description",
    "github.event.issue.milestone.title", "github.event.pull_request.milestone.title", "github.event.deployment.payload.*",
    "github.event.deployment.ref", "github.event.deployment.environment", "github.event.deployment.description", "github.event.merge_group.head_ref",
    "github.event.merge_group.base_ref", "github.event.workflow_run.name", "github.event.project_card.note", "github.workflow_ref"};

std::string_view next_step(std::string_view& rest) {
  const size_t dot = rest.find('.');
  const std::string_view step = rest.substr(0, dot);
  rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  return step;
}

// Whether the name is the pattern; `whole`: or leads to it. A pattern that ends in ".*" holds for all below.
bool name_fits(std::string_view pattern, std::string_view name, bool whole) {
  while (!pattern.empty() && !name.empty()) {
    const std::string_view wanted = next_step(pattern), step = next_step(name);
    if (wanted != "*" && step != "*" && wanted != step) return false;
    if (wanted == "*" && pattern.empty()) return true;
  }
  return name.empty() && (pattern.empty() || whole);
}

}  // namespace

std::vector<GithubExpression> github_expressions(std::string_view text) {
  std::vector<GithubExpression> out;
  size_t unclosed = 0;
  for (size_t at = text.find("${{"); at != std::string_view::npos; at = text.find("${{", at)) {
    const size_t close = find_close(text, at + 3);
    if (close == std::string_view::npos) {
      if (++unclosed > kMostUnclosed) break;
      at += 3;
      continue;
    }
    GithubExpression one{.begin = at, .end = close + 2};
    one.is_read = ExpressionReader(text, at + 3, close, one).read();
    out.push_back(std::move(one));
    at = close + 2;
  }
  return out;
}

GithubAuthor github_author(std::string_view name, bool whole) {
  const auto fits = [&](std::string_view pattern) { return name_fits(pattern, name, whole); };
  if (std::any_of(std::begin(kOfOutsiders), std::end(kOfOutsiders), fits)) return GithubAuthor::outsider;
  if (std::any_of(std::begin(kOfWriters), std::end(kOfWriters), fits)) return GithubAuthor::writer;
  return GithubAuthor::nobody;
}

}  // namespace sealwarden
