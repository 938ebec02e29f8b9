// SPDX-License-Identifier: Apache-2.0
// The report for people: one block for each secret, most severe first, then the account of the whole scan.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "report/text_layout.h"
#include "report/wording.h"
#include "report/writers.h"

namespace sealwarden {
namespace {

constexpr size_t kMostCopies = 5, kMostVersions = 4, kMostExamples = 3, kMostAccepted = 5;
constexpr std::string_view kLabels[] = {"INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"};
constexpr Tone kTones[] = {Tone::faint, Tone::plain, Tone::caution, Tone::alarm, Tone::alarm};

// Findings of one secret in several files are shown as one: the most severe leads, the others are its copies.
struct Block {
  std::vector<const Finding*> findings;
};

bool leads(const Finding* a, const Finding* b) {
  if (a->severity != b->severity) return a->severity > b->severity;
  return a->at_head > b->at_head;
}

std::vector<Block> blocks_of(const std::vector<Finding>& findings) {
  std::vector<Block> blocks;
  std::unordered_map<std::string_view, size_t> by_secret;
  for (const Finding& finding : findings) {
    if (finding.suppressed || finding.kind == Finding::Kind::open) continue;
    size_t index = blocks.size();
    if (!finding.secret.empty()) index = by_secret.emplace(finding.secret_id, index).first->second;
    if (index == blocks.size()) blocks.emplace_back();
    blocks[index].findings.push_back(&finding);
  }
  for (Block& block : blocks)
    std::stable_sort(block.findings.begin(), block.findings.end(), leads);
  std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
    return leads(a.findings.front(), b.findings.front());
  });
  return blocks;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts)
    out.append(out.empty() ? "" : separator).append(part);
  return out;
}

// "3 critical, 4 high" from the most severe on.
std::string severities(const std::map<std::string, uint64_t>& counts) {
  std::vector<std::string> parts;
  for (int i = static_cast<int>(Severity::critical); i >= 0; --i) {
    const std::string name(name_of(static_cast<Severity>(i)));
    if (const auto at = counts.find(name); at != counts.end() && at->second > 0)
      parts.push_back(with_separators(at->second) + " " + name);
  }
  return joined(parts, ", ");
}

std::string_view reach_words(Reach reach) {
  switch (reach) {
    case Reach::head:
      return "still at HEAD";
    case Reach::tip:
      return "still at the tip of another branch or tag";
    case Reach::history:
      return "in the history";
    case Reach::stash:
      return "in a stash";
    case Reach::reflog:
      return "kept by a reflog only";
    case Reach::staged:
      return "staged for the next commit";
    case Reach::unreachable:
      return "in objects that nothing names any more, until git removes them";
    case Reach::worktree:
      return "in the files as they stand";
  }
  return "";
}

class TextReport {
 public:
  TextReport(const Report& report, const Redactor& redact, const WriteOptions& options)
      : report_(report), redact_(redact), options_(options), out_(options.colour, options.width) {}

  std::string write() {
    for (const Block& block : blocks_of(report_.findings)) {
      write_block(block);
      out_.blank();
    }
    write_summary();
    write_incomplete();
    return out_.take();
  }

 private:
  void write_block(const Block& block) {
    const Finding& finding = *block.findings.front();
    const Place& place = main_place(finding);
    const auto severity = static_cast<size_t>(finding.severity);
    out_.heading(kTones[severity], kLabels[severity], finding.title, finding.rule);
    out_.fields("where", {where(place) + as_of(place)});  // not wrapped: blanks of paths count
    if (!finding.node.empty()) out_.fields("node", {clean((finding.document.empty() ? "" : finding.document + "  ") + finding.node)});
    if (!finding.message.empty()) out_.field("says", (finding.kind == Finding::Kind::review ? "to review: " : "") + clean(finding.message));
    if (!finding.secret.empty()) out_.field("what", what(finding, place));
    write_life(finding, place);
    write_versions(finding, place);
    write_copies(block);
    if (finding.confidence != Confidence::high) write_confidence(finding);
    write_advice(finding);
    write_acceptance(finding, place, block.findings.size() > 1);
  }

  [[nodiscard]] std::string clean(std::string_view text) const { return escape_for_terminal(redact_(text)); }

  [[nodiscard]] static std::string position(const Place& place) {
    return ":" + std::to_string(place.region.start_line) + ":" + std::to_string(place.region.start_column);
  }

  [[nodiscard]] static std::string named(std::string_view what, const std::optional<ObjectId>& id) {
    return std::string(what).append(id ? " " + short_id(*id) : "");
  }

  [[nodiscard]] std::string where(const Place& place) const {
    const std::string path = place.path ? clean(*place.path) : "";
    switch (place.carrier) {
      case Carrier::blob:
        break;
      case Carrier::symlink:
        return "target of the symlink " + path;
      case Carrier::file_name:
        return "name of the file " + path;
      case Carrier::ref_name:
        return named("name of a branch, tag or other ref at", place.commit);
      case Carrier::author:
        return named("author or committer of commit", place.commit);
      case Carrier::commit_message:
        return named("message of commit", place.commit) + position(place);
      case Carrier::tag_message:
        return named("message of tag", place.commit) + position(place);
      case Carrier::note:
        return named("note", place.blob) + position(place);
      case Carrier::reflog_message:
        return named("message in a reflog, commit", place.commit);
      case Carrier::git_config:
        return ".git/config" + position(place);
    }
    if (place.path) return path + position(place);
    return (place.blob ? named("blob", place.blob) : "stdin") + position(place);
  }

  // Lines of a file that has changed since are those of the version named.
  [[nodiscard]] static std::string as_of(const Place& place) {
    const bool in_file = place.carrier == Carrier::blob || place.carrier == Carrier::symlink;
    if (!in_file || !place.commit || place.reach == Reach::head) return "";
    return ", as of commit " + short_id(*place.commit);
  }

  [[nodiscard]] std::string what(const Finding& finding, const Place& place) const {
    std::string text =
        options_.show_secrets ? escape_for_terminal(finding.secret.reveal()) : redacted(finding.secret);
    if (!place.decoded.empty()) text += ", decoded from " + joined(place.decoded, ", then ");
    return text;
  }

  void write_life(const Finding& finding, const Place& place) {
    if (const std::string since = since_words(finding, place); !since.empty()) out_.field("since", since);
    std::string now(reach_words(finding.at_head ? Reach::head : place.reach));
    if (!finding.at_head && !finding.removed.empty())
      now = "removed by commit " + short_id(finding.removed.front()) + ", but git still has it: " + now;
    out_.field("now", now);
  }

  // The oldest commit that brought it, with what is known of it.
  [[nodiscard]] std::string since_words(const Finding& finding, const Place& main) const {
    const std::optional<ObjectId> first =
        finding.introduced.empty() ? main.commit : finding.introduced.front();
    if (!first) return "";
    std::string text = "commit " + short_id(*first);
    const auto place = std::find_if(finding.places.begin(), finding.places.end(),
                                    [&](const Place& candidate) { return candidate.commit == first; });
    if (place != finding.places.end()) {
      if (const auto date = date_time(place->author_date)) text += ", " + date->substr(0, 10);
      if (!place->author.empty()) text += ", " + clean(place->author);
    }
    if (finding.introduced.size() > 1)
      text += ", and " + counted(finding.introduced.size() - 1, "more commit");
    return finding.merge_only ? text + " (a merge)" : text;
  }

  void write_versions(const Finding& finding, const Place& main) {
    if (finding.places.size() < 2) return;
    std::vector<std::string> parts;
    for (const Place& place : finding.places) {
      if (&place == &main || parts.size() == kMostVersions) continue;
      parts.push_back((place.commit ? short_id(*place.commit) : where(place)) + " line " +
                      std::to_string(place.region.start_line));
    }
    const size_t rest = finding.places.size() - 1 - parts.size();
    out_.field("places", with_separators(finding.places.size()) +
                             " versions; others: " + joined(parts, ", ") +
                             (rest > 0 ? ", and " + with_separators(rest) + " more" : ""));
  }

  void write_copies(const Block& block) {
    std::vector<std::string> lines;
    const size_t copies = block.findings.size() - 1;
    for (size_t i = 1; i <= std::min(copies, kMostCopies); ++i) {
      const Place& place = main_place(*block.findings[i]);
      lines.push_back(where(place) + as_of(place));
    }
    if (copies > kMostCopies)
      lines.push_back("and " + with_separators(copies - kMostCopies) + " more: --json lists all");
    out_.fields("also in", lines);
  }

  void write_confidence(const Finding& finding) {
    std::string text(name_of(finding.confidence));
    if (!finding.reasons.empty()) text += ": " + clean(joined(finding.reasons, "; "));
    out_.field("sure", text);
  }

  void write_advice(const Finding& finding) {
    const auto rule = std::find_if(report_.rules.begin(), report_.rules.end(),
                                   [&](const Rule& candidate) { return candidate.id == finding.rule; });
    const bool known = rule != report_.rules.end() && !rule->advice.empty();
    out_.field("fix",
               known ? rule->advice : "Revoke the value, replace it, and keep the new one outside of git.");
    if (rule != report_.rules.end() && !rule->url.empty()) out_.field("", rule->url, Tone::faint);
  }

  // Where the next scan of this kind looks for what accepts a finding.
  [[nodiscard]] std::string_view then() const {
    const std::string& kind = report_.target.kind;
    if (kind == "staged") return "; then git add:";
    return kind == "history" || kind == "range" ? "; then commit:" : ":";
  }

  // A comment helps only where the next scan reads the same line again; standard input has no ignore file.
  void write_acceptance(const Finding& finding, const Place& place, bool has_copies) {
    const bool in_text = place.carrier == Carrier::blob && place.path && finding.member.empty() && (!finding.secret.empty() || !finding.node.empty());
    const bool editable = in_text && (place.reach == Reach::head || place.reach == Reach::staged ||
                                      place.reach == Reach::worktree);
    if (report_.target.kind == "stdin") {
      if (editable) out_.field("accept", "put sealwarden:allow in a comment on the line");
      return;
    }
    const std::string_view comment = "put sealwarden:allow in a comment there, or ";
    out_.field("accept", std::string(editable ? comment : "put ").append("this in .sealwardenignore").append(then()));
    out_.field("", finding.fingerprint + " # why", Tone::faint);
    if (has_copies) out_.field("", "Each file has a fingerprint of its own: --json lists all.", Tone::faint);
  }

  void write_summary() {
    const Report::Summary& summary = report_.summary;
    const bool clean_scan = summary.findings == 0 && report_.complete;
    std::string title = summary.findings == 0 ? "No findings" : counted(summary.findings, "finding");
    if (summary.findings == 0 && !report_.complete) title += " in what could be scanned";
    out_.heading(clean_scan ? Tone::calm : Tone::strong, title, severities(summary.by_severity), "");
    if (summary.secrets > 0)
      out_.field("secrets",
                 with_separators(summary.secrets) + " distinct; a secret in many files counts once");
    if (summary.findings > 0)
      out_.field("failing",
                 with_separators(summary.failing) + " at or above " + std::string(name_of(report_.fail_on)));
    write_accepted();
    if (summary.open > 0)
      out_.field("open", with_separators(summary.open) + " places or files of which rules cannot say; --json lists them");
    if (summary.below_confidence > 0)
      out_.field("unsure",
                 with_separators(summary.below_confidence) + " secrets below the confidence asked for, not shown");
    out_.field("scanned",
               counted(report_.ledger.blobs, "blob") + ", " + size_for_people(report_.ledger.bytes));
    write_skipped_without_loss();
  }

  void write_accepted() {
    if (report_.summary.suppressed == 0) return;
    std::array<uint64_t, 4> by_kind{};
    uint64_t brought = 0;
    for (const Finding& finding : report_.findings) {
      if (!finding.suppressed) continue;
      ++by_kind[static_cast<size_t>(finding.suppressed->kind)];
      brought += finding.suppressed->is_new ? 1 : 0;
    }
    std::vector<std::string> parts;
    for (size_t i = 0; i < by_kind.size(); ++i)
      if (by_kind[i] > 0)
        parts.push_back(with_separators(by_kind[i]) + " by " +
                        std::string(name_of(static_cast<Suppression::Kind>(i))));
    std::string text = with_separators(report_.summary.suppressed) + " not counted: " + joined(parts, ", ");
    if (brought > 0) text += "; " + with_separators(brought) + " of them accepted by this change itself";
    std::vector<std::string> lines{text};
    for (const Finding& finding : report_.findings) {
      if (!finding.suppressed || lines.size() > kMostAccepted) continue;
      const std::string why = finding.suppressed->why.empty() ? "" : ": " + clean(finding.suppressed->why);
      const std::string by = finding.suppressed->origin.empty() ? std::string(name_of(finding.suppressed->kind)) : finding.suppressed->origin;
      lines.push_back(where(main_place(finding)) + "  " + finding.rule + ", " + by + why);
    }
    if (report_.summary.suppressed + 1 > lines.size())
      lines.push_back("and " + with_separators(report_.summary.suppressed + 1 - lines.size()) + " more: --json lists all");
    out_.fields("accepted", lines);
  }

  void write_skipped_without_loss() {
    std::vector<std::string> parts;
    for (const Ledger::Row& row : report_.ledger.skipped)
      if (!row.loss) parts.push_back(std::string(name_of(row.reason)) + " " + with_separators(row.count));
    if (!parts.empty()) out_.field("left out", joined(parts, ", ") + " (no loss)");
  }

  void write_incomplete() {
    if (report_.complete) return;
    out_.blank();
    out_.heading(Tone::alarm, "INCOMPLETE", "This scan has gaps, so it cannot say that there is nothing.",
                 "");
    for (const Ledger::Row& row : report_.ledger.skipped)
      if (row.loss) write_loss(row);
  }

  void write_loss(const Ledger::Row& row) {
    out_.field("gap", with_separators(row.count) + " × " + std::string(name_of(row.reason)), Tone::strong);
    std::vector<std::string> lines;
    for (size_t i = 0; i < std::min(row.examples.size(), kMostExamples); ++i)
      lines.push_back(escape_for_terminal(shortened(redact_(row.examples[i]))));
    if (row.count > lines.size())
      lines.push_back("and " + with_separators(row.count - lines.size()) + " more");
    out_.fields("", lines);
    out_.field("remedy", remedy(row.reason));
  }

  const Report& report_;
  const Redactor& redact_;
  const WriteOptions& options_;
  TextLayout out_;
};

}  // namespace

std::string write_text(const Report& report, const Redactor& redactor, const WriteOptions& options) {
  return TextReport(report, redactor, options).write();
}

}  // namespace sealwarden
