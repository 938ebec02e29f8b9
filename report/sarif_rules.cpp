// SPDX-License-Identifier: Apache-2.0
#include "report/sarif_rules.h"

#include <algorithm>
#include <set>

#include "report/wording.h"
#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

using Layout = JsonOut::Layout;

// GitHub reads these as critical (over 9), high, medium and low; nothing stands for info.
constexpr std::string_view kSecuritySeverities[] = {"", "3.0", "5.5", "8.0", "9.5"};
constexpr std::string_view kRuleKinds[] = {"secret", "file", "config", "tree", "pair"};  // name_of(RuleKind) is the loader's
constexpr std::string_view kPrecisions[] = {"low", "medium", "very-high"};
constexpr std::string_view kHowToAccept =
    "If the value is no secret, put `sealwarden:allow` in a comment on its line, or its fingerprint with a "
    "reason in "
    "`.sealwardenignore`.";
constexpr std::string_view kHowToAcceptPolicy =
    "If it is meant so, put `sealwarden:allow RULE reason=\"...\"` in a comment on its line or the line above, or its "
    "fingerprint with a reason in `.sealwardenignore`.";

// "github-pat-classic" -> "GithubPatClassic", "CFG-FILE-008" -> "CfgFile008".
std::string pascal_case(std::string_view text) {
  std::string out;
  bool start = true;
  for (const char c : text) {
    if (is_alphanumeric(c)) out += start ? to_upper(c) : to_lower(c);
    start = !is_alphanumeric(c);
  }
  return out;
}

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out.back() != '.' && out.back() != '!' && out.back() != '?') out += '.';
  return out;
}

std::string_view what_it_means(const Rule& rule) {
  if (rule.policy || !rule.why.empty()) return rule.why;
  if (rule.kind == RuleKind::file)
    return "A file of this kind holds credentials and does not belong in a repository.";
  return "Whoever can read the repository, or a copy of it, can use this value, also after it was deleted "
         "from the "
         "files: git keeps it.";
}

std::string how_to_accept(const Rule& rule) {
  if (!rule.policy) return std::string(kHowToAccept);
  std::string text(kHowToAcceptPolicy);
  return text.replace(text.find("RULE"), 4, rule.id);
}

// How it looks when it is right: a block of code by its indentation, which nothing in it can end.
std::string example_text(const Rule& rule) {
  if (rule.example.empty()) return "";
  std::string text = "\n\nFor example:\n\n";
  for (size_t start = 0; start < rule.example.size();) {
    const size_t end = std::min(rule.example.find('\n', start), rule.example.size());
    text.append("    ").append(rule.example, start, end - start).append("\n");
    start = end + 1;
  }
  return text;
}

// The names that other tools have for it.
std::string equivalents_text(const Rule& rule) {
  if (!rule.policy || rule.equivalents.empty()) return "";
  std::string text = "Known elsewhere as ";
  for (size_t i = 0; i < rule.equivalents.size(); ++i) text.append(i == 0 ? "" : ", ").append(rule.equivalents[i]);
  return text + ".";
}

// Why, what to do, then the vendor's page, then how to accept it. Code words stand in backticks, in Markdown alone.
std::string help_text(const Rule& rule, bool markdown) {
  std::string help = !rule.why.empty() ? sentence(rule.why) + (markdown ? "\n\n" : " ") : "";
  help += rule.advice.empty() ? "Revoke the value, replace it, and keep the new one outside of git." : sentence(rule.advice);
  if (!rule.url.empty())
    help += markdown ? " See [" + rule.url + "](" + rule.url + ")."
                     : " See the vendor's page (" + rule.url + ").";
  if (markdown) help += example_text(rule);
  help.append(markdown ? "\n\n" : " ").append(how_to_accept(rule));
  if (const std::string names = equivalents_text(rule); !names.empty()) help.append(markdown ? "\n\n" : " ").append(names);
  if (!markdown) std::erase(help, '`');
  return help;
}

void write_text_object(JsonOut& out, std::string_view key, const std::string& text) {
  out.key(key).open_object(Layout::flat);
  out.key("text").string(text);
  out.close_object();
}

void write_help(JsonOut& out, const Rule& rule) {
  out.key("help").open_object();
  out.key("text").string(help_text(rule, false));
  out.key("markdown").string(help_text(rule, true));
  out.close_object();
  if (rule.url.starts_with("https://") || rule.url.starts_with("http://"))
    out.key("helpUri").string(rule.url);
}

void write_tags(JsonOut& out, const Rule& rule) {
  out.key("tags").open_array(Layout::flat);
  out.string("security");
  for (const std::string& cwe : rule.cwe) {
    std::string tag = "external/cwe/";
    for (const char c : cwe)
      tag += to_lower(c);
    out.string(tag);
  }
  out.close_array();
}

void write_properties(JsonOut& out, const Rule& rule) {
  const std::string_view severity = kSecuritySeverities[static_cast<size_t>(rule.severity)];
  out.key("properties").open_object();
  write_tags(out, rule);
  out.key("precision").string(kPrecisions[static_cast<size_t>(rule.confidence)]);
  if (!severity.empty()) out.key("security-severity").string(severity);
  out.key("kind").string(kRuleKinds[static_cast<size_t>(rule.kind)]);
  if (!rule.equivalents.empty()) out.key("equivalents").strings(rule.equivalents);
  out.close_object();
}

// The title of a finding describes a rule that the report itself does not.
Rule bare_rule(const Finding& finding) {
  Rule rule;
  rule.id = finding.rule;
  rule.title = finding.title;
  rule.severity = finding.severity;
  rule.confidence = finding.confidence;
  return rule;
}

std::string notification_id(Skip reason) {
  std::string id;
  for (const char c : name_of(reason)) {
    if (is_alphanumeric(c))
      id += to_lower(c);
    else if (c == ' ' && !id.ends_with('-'))
      id += '-';
  }
  return id;
}

}  // namespace

std::vector<Rule> sarif_rules(const Report& report, const JudgedFiles* judged) {
  std::vector<Rule> rules = report.rules;
  std::set<std::string> known;
  for (const Rule& rule : rules)
    known.insert(rule.id);
  if (judged != nullptr)
    for (const Rule& rule : judged->rules)
      if (known.insert(rule.id).second) rules.push_back(rule);
  for (const Finding& finding : report.findings)
    if (known.insert(finding.rule).second) rules.push_back(bare_rule(finding));
  std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  return rules;
}

void write_sarif_rule(JsonOut& out, const Rule& rule, const std::vector<SarifTaxonomy>& taxonomies) {
  const std::string title = rule.title.empty() ? rule.id : rule.title;
  out.open_object();
  out.key("id").string(rule.id);
  out.key("name").string(pascal_case(rule.name.empty() ? rule.id : rule.name));
  write_text_object(out, "shortDescription", sentence(title));
  write_text_object(out, "fullDescription", sentence(title).append(" ").append(sentence(what_it_means(rule))));
  write_help(out, rule);
  out.key("defaultConfiguration").open_object(Layout::flat);
  out.key("level").string(sarif_level(rule.severity));
  out.close_object();
  write_sarif_relationships(out, rule, taxonomies);
  write_properties(out, rule);
  out.close_object();
}

SarifNotification sarif_notification(const Ledger::Row& row, const Redactor& redactor) {
  const std::string reason(name_of(row.reason));
  std::string text = "Not scanned: " + with_separators(row.count) + " (" + reason + ")";
  std::string_view before = ", for example ";
  for (const std::string& example : row.examples) {
    text.append(before).append("'").append(escape_for_terminal(shortened(redactor(example)))).append("'");
    before = ", ";
  }
  const std::string help(remedy(row.reason));
  return {notification_id(row.reason), row.loss ? "error" : "note", "Not scanned: " + reason + ".", help,
          text + ". " + help};
}

SarifNotification sarif_limit_notification(uint64_t left_out) {
  const std::string help = "The report in JSON has all.";
  return {"result-limit", "warning", "Left out of this file: results beyond the number that readers accept.",
          help, counted(left_out, "finding") + " of the lowest severity left out. " + help};
}

SarifNotification sarif_passes_notification(const std::string& first_left_out, const Redactor& redactor) {
  const std::string help = "Scan parts of the tree one at a time to have them told.";
  return {"pass-limit", "warning", "Left out of this file: results of kind pass beyond what a scan keeps.", help,
          "Results of kind pass are left out for the files that sort from '" +
              escape_for_terminal(shortened(redactor(first_left_out))) + "' on. " + help};
}

void write_sarif_notification_descriptor(JsonOut& out, const SarifNotification& notification) {
  out.open_object();
  out.key("id").string(notification.id);
  out.key("name").string(pascal_case("not scanned " + notification.id));
  write_text_object(out, "shortDescription", notification.description);
  write_text_object(out, "fullDescription", notification.description + " " + notification.help);
  write_text_object(out, "help", notification.help);
  out.close_object();
}

std::string_view sarif_level(Severity severity) {
  if (severity >= Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "note";
}

}  // namespace sealwarden
