// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/acceptances.h"

#include <algorithm>
#include <map>

#include "scanner/base/ascii.h"
#include "scanner/engine/allow_mark.h"

namespace sealwarden {
namespace {

constexpr size_t kMaxWide = 1000;  // marks that cover more than two lines, of one file
constexpr size_t kMaxBlocks = 100;  // of these, whose block has to be looked for

struct Mark {
  std::string tool;                // as rules' equivalents name it: "Checkov", "hadolint"; empty: ours
  std::vector<std::string> ids;    // rule ids or globs (ours), the tool's ids; none: all
  bool secrets_only = false;
  Acceptance acceptance;
};

struct WideMark {
  Span covers;
  Mark mark;
};

std::vector<std::string> split_ids(std::string_view text, std::string_view ends) {
  std::vector<std::string> ids;
  text = text.substr(0, text.find_first_of(ends));
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view id = text.substr(0, comma);
    while (!id.empty() && is_blank(id.front())) id.remove_prefix(1);
    while (!id.empty() && is_blank(id.back())) id.remove_suffix(1);
    if (!id.empty()) ids.emplace_back(id);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return ids;
}

class MarkReader {
 public:
  MarkReader(const RuleSet& rules, const ParsedFile& file, const std::string& path, PolicyOutcome& outcome)
      : rules_(rules), file_(file), path_(path), outcome_(outcome) {}

  void run() {
    read_comments();
    if (lines_.empty() && wide_.empty() && !has_annotations()) return;
    read_annotations();
    for (Violation& violation : outcome_.violations) accept(violation);
  }

 private:
  [[nodiscard]] uint32_t line_start(uint32_t at) const {
    const size_t feed = at == 0 ? Bytes::npos : file_.bytes.rfind('\n', at - 1);
    return feed == Bytes::npos ? 0 : static_cast<uint32_t>(feed + 1);
  }
  [[nodiscard]] uint32_t next_line(uint32_t at) const {
    const size_t feed = file_.bytes.find('\n', at);
    return static_cast<uint32_t>(feed == Bytes::npos ? file_.bytes.size() : feed + 1);
  }

  void read_comments() {
    for (const DocumentComment& comment : file_.comments) {
      if (comment.span.end > file_.bytes.size() || comment.span.begin >= comment.span.end) continue;
      const Bytes text = file_.bytes.substr(comment.span.begin, comment.span.end - comment.span.begin);
      read_own(comment.span, text);
      read_foreign(comment.span, text);
    }
  }

  void read_own(Span at, Bytes text) {
    const std::string_view word = "sealwarden:allow";
    const size_t found = text.find(word);
    if (found == Bytes::npos) return;
    const Bytes rest = text.substr(found + word.size());
    if (!rest.empty() && (is_alphanumeric(rest.front()) || rest.front() == '-')) return;
    AllowMark mark = parse_allow_mark(rest, [this](const std::string& id) {
      return std::any_of(rules_.rules.begin(), rules_.rules.end(), [&](const Rule& rule) { return rule_name_matches(id, rule); });
    });
    if (!mark.problem.empty()) {
      const auto line = std::count(file_.bytes.begin(), file_.bytes.begin() + at.begin, '\n') + 1;
      outcome_.warnings.push_back(path_ + ":" + std::to_string(line) + ": this sealwarden:allow accepts nothing: " + mark.problem);
      return;
    }
    on_lines(at, {.ids = std::move(mark.rules), .acceptance = {mark.why, {}, mark.until}});
  }

  // The comment's line and the next.
  void on_lines(Span at, const Mark& mark) {
    const uint32_t own = line_start(at.begin), last = line_start(std::max(at.begin, at.end - 1));
    lines_[own].push_back(mark);
    lines_[next_line(last)].push_back(mark);
  }
  void wide(Span covers, Mark mark) {
    if (wide_.size() < kMaxWide) wide_.push_back({covers, std::move(mark)});
  }
  [[nodiscard]] Span whole() const { return {0, static_cast<uint32_t>(file_.bytes.size()) + 1}; }

  // The smallest map around the comment that is no list's item of scalars: a Terraform block, a Kubernetes object.
  [[nodiscard]] Span block_around(Span at) const {
    if (wide_.size() > kMaxBlocks) return {};
    Span best = whole();
    for (const DocumentNode& node : file_.nodes) {
      const bool around = node.span.begin <= at.begin && at.end <= node.span.end;
      if (node.type == NodeType::map && around && node.span.end - node.span.begin < best.end - best.begin) best = node.span;
    }
    return best;
  }

  void read_foreign(Span at, Bytes text) {
    const auto behind = [&](std::string_view word) {
      const size_t found = text.find(word);
      return found == Bytes::npos ? Bytes() : text.substr(found + word.size());
    };
    if (const Bytes rest = behind("checkov:skip="); !rest.empty()) {
      const std::string_view ids = std::string_view(rest).substr(0, rest.find_first_of(": \n"));
      const size_t colon = rest.find(':');
      const bool block = file_.format == DocumentFormat::hcl;
      wide(block ? block_around(at) : whole(),
           {"Checkov",
            split_ids(ids, ""),
            false,
            {colon == Bytes::npos ? "" : std::string(rest.substr(colon + 1, 200)), "checkov:skip", {}}});
    }
    if (const Bytes rest = behind("hadolint global ignore="); !rest.empty())
      wide(whole(), {"hadolint", split_ids(rest, " \n"), false, {"", "hadolint global ignore", {}}});
    else if (const Bytes next = behind("hadolint ignore="); !next.empty())
      on_instruction(at, {"hadolint", split_ids(next, " \n"), false, {"", "hadolint ignore", {}}});
    if (const Bytes rest = behind("zizmor: ignore["); !rest.empty()) on_lines(at, {"zizmor", split_ids(rest, "]\n"), false, {"", "zizmor: ignore", {}}});
    if (const Bytes rest = behind("trivy:ignore:"); !rest.empty()) on_lines(at, {"Trivy", split_ids(rest, " \n"), false, {"", "trivy:ignore", {}}});
    if (text.find("kics-scan ignore-line") != Bytes::npos) on_lines(at, {"KICS", {}, false, {"", "kics-scan ignore-line", {}}});
    if (text.find("pragma: allowlist nextline secret") != Bytes::npos || text.find("pragma: allowlist secret") != Bytes::npos ||
        text.find("pragma: whitelist secret") != Bytes::npos)
      on_lines(at, {"detect-secrets", {}, true, {"", "pragma: allowlist secret", {}}});
  }

  // The next line that is neither blank nor a comment: there an instruction begins, which may have several lines.
  void on_instruction(Span at, const Mark& mark) {
    uint32_t line = next_line(at.end == 0 ? 0 : at.end - 1);
    while (line < file_.bytes.size()) {
      const size_t first = file_.bytes.find_first_not_of(" \t\r", line);
      if (first != Bytes::npos && file_.bytes[first] != '#' && file_.bytes[first] != '\n') break;
      line = next_line(line);
    }
    uint32_t end = line;
    do {
      const uint32_t start = end;
      end = next_line(start);
      size_t last = end;
      while (last > start && is_space(file_.bytes[last - 1])) --last;
      if (last == start || file_.bytes[last - 1] != '\\') break;
    } while (end < file_.bytes.size());
    wide({line, end}, mark);
  }

  [[nodiscard]] bool has_annotations() const {
    return file_.bytes.find("checkov.io/skip") != Bytes::npos || file_.bytes.find("kube-linter.io/") != Bytes::npos;
  }

  // metadata.annotations of the object that they stand in.
  void read_annotations() {
    if (!has_annotations()) return;
    for (const DocumentNode& node : file_.nodes) {
      if (node.parent == kNoDocumentNode || node.key.empty()) continue;
      const uint32_t annotations = node.parent, metadata = file_.nodes[annotations].parent;
      if (metadata == kNoDocumentNode || file_.nodes[annotations].key != "annotations" || file_.nodes[metadata].parent == kNoDocumentNode) continue;
      const Span object = file_.nodes[file_.nodes[metadata].parent].span;
      if (node.key.starts_with("checkov.io/skip")) {
        const size_t equal = std::min(node.text.find('='), node.text.size());
        wide(object, {"Checkov",
                      {std::string(node.text.substr(0, equal))},
                      false,
                      {std::string(node.text.substr(std::min(equal + 1, node.text.size()), 200)), "checkov.io/skip", {}}});
      } else if (node.key.starts_with("ignore-check.kube-linter.io/")) {
        wide(object, {"kube-linter", {std::string(node.key.substr(28))}, false, {std::string(node.text.substr(0, 200)), "ignore-check.kube-linter.io", {}}});
      } else if (node.key == "kube-linter.io/ignore-all") {
        wide(object, {"kube-linter", {}, false, {std::string(node.text.substr(0, 200)), "kube-linter.io/ignore-all", {}}});
      }
    }
  }

  [[nodiscard]] bool is_meant(const Mark& mark, const Violation& violation) const {
    const Rule& rule = rules_.rules[violation.rule];
    if (mark.secrets_only) return rule.policy && rule.policy->is_secret;
    if (mark.tool.empty())
      return mark.ids.empty() || std::any_of(mark.ids.begin(), mark.ids.end(), [&](const std::string& id) { return rule_name_matches(id, rule); });
    return std::any_of(rule.equivalents.begin(), rule.equivalents.end(), [&](const std::string& equivalent) {
      const size_t colon = equivalent.find(':');
      if (colon == std::string::npos || lower_case(equivalent.substr(0, colon)) != lower_case(mark.tool)) return false;
      const std::string id = lower_case(equivalent.substr(colon + 1));
      return mark.ids.empty() || std::any_of(mark.ids.begin(), mark.ids.end(), [&](const std::string& one) {
        const std::string wanted = lower_case(one);
        return wanted == id || wanted == "avd-" + id;
      });
    });
  }

  void accept(Violation& violation) const {
    if (const auto marks = lines_.find(line_start(violation.span.begin)); marks != lines_.end())
      for (const Mark& mark : marks->second)
        if (!violation.accepted && is_meant(mark, violation)) violation.accepted = mark.acceptance;
    for (const WideMark& wide : wide_)
      if (!violation.accepted && wide.covers.begin <= violation.span.begin && violation.span.begin < wide.covers.end && is_meant(wide.mark, violation))
        violation.accepted = wide.mark.acceptance;
  }

  const RuleSet& rules_;
  const ParsedFile& file_;
  const std::string& path_;
  PolicyOutcome& outcome_;
  std::map<uint32_t, std::vector<Mark>> lines_;  // by the offset where the covered line starts
  std::vector<WideMark> wide_;
};

}  // namespace

void accept_marked(const RuleSet& rules, const ParsedFile& file, const std::string& path, PolicyOutcome& outcome) {
  MarkReader(rules, file, path, outcome).run();
}

}  // namespace sealwarden
