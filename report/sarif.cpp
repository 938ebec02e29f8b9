// SPDX-License-Identifier: Apache-2.0
// The report as SARIF 2.1.0. Readers' limits are respected (GitHub code scanning: 25,000 results, each with a
// physical location). What lies in no file (messages, names, authors) therefore gets a virtual path below
// ".git/", where no tracked file can be, besides its logical location; regions are positions in that text.
#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "report/encodings.h"
#include "report/json_out.h"
#include "report/sarif_rules.h"
#include "report/sarif_taxonomies.h"
#include "report/wording.h"
#include "report/writers.h"

namespace sealwarden {
namespace {

using Layout = JsonOut::Layout;

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr std::string_view kRoot = "SRCROOT";
constexpr size_t kMostResults = 25'000;
constexpr size_t kMostRelated = 10;
constexpr std::string_view kInOrder = "In order.";
constexpr std::string_view kNothingToJudge = "Nothing that this scan looked at is what this rule is about.";
constexpr std::string_view kKinds[] = {"fail", "review", "open"};

// 0 to 100: severity first, then confidence.
uint64_t rank_of(const Finding& finding) {
  return 20 * static_cast<uint64_t>(finding.severity) + 5 + 5 * static_cast<uint64_t>(finding.confidence);
}

// Indexes of the findings to write, ascending: all, or the most severe, those that are not suppressed before
// the others, and those that are known to be wrong before what is to be looked at.
std::vector<size_t> chosen_findings(const std::vector<Finding>& findings, size_t most) {
  std::vector<size_t> chosen(findings.size());
  std::iota(chosen.begin(), chosen.end(), size_t{0});
  if (chosen.size() <= most) return chosen;
  std::stable_sort(chosen.begin(), chosen.end(), [&](size_t a, size_t b) {
    const bool a_counts = !findings[a].suppressed, b_counts = !findings[b].suppressed;
    if (a_counts != b_counts) return a_counts;
    if (findings[a].kind != findings[b].kind) return findings[a].kind < findings[b].kind;
    return rank_of(findings[a]) > rank_of(findings[b]);
  });
  chosen.resize(most);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::string hyphenated(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), ' ', '-');
  return out;
}

bool lies_in_file(const Place& place) {
  return place.path && (place.carrier == Carrier::blob || place.carrier == Carrier::symlink ||
                        place.carrier == Carrier::file_name);
}

// What the text belongs to: "commit-message/<commit>", "note/<blob>", "blob/<blob>".
std::string holder_name(const Place& place) {
  std::string name = hyphenated(name_of(place.carrier));
  const auto& id =
      place.carrier == Carrier::note || place.carrier == Carrier::blob ? place.blob : place.commit;
  if (id) name += "/" + id->hex();
  return name;
}

// A URI for the remote ("git@host:owner/x" is none, and readers refuse what is none). Nothing for a path that
// is no URI, nor for a URL that holds a secret beyond its user information: masked, it would lead nowhere.
std::optional<std::string> repository_uri(const std::optional<std::string>& remote, const Redactor& redact) {
  if (!remote) return std::nullopt;
  std::string url = without_user_information(*remote);
  if (url.find("://") == url.npos) {
    const size_t colon = url.find(':'), slash = url.find('/');
    if (url.starts_with('/'))
      url.insert(0, "file://");
    else if (colon != url.npos && colon < slash)
      url = "ssh://" + url.replace(colon, 1, "/");
    else
      return std::nullopt;
    url = without_user_information(url);
  }
  if (redact(url) != url) return std::nullopt;
  return percent_encode_uri(url);
}

class SarifReport {
 public:
  SarifReport(const Report& report, const Redactor& redact, SarifExtent extent, const Sink& sink)
      : report_(report),
        redact_(redact),
        judged_(extent == SarifExtent::complete && report.judged ? &*report.judged : nullptr),
        rules_(sarif_rules(report, judged_)),
        taxonomies_(sarif_taxonomies(rules_)),
        chosen_(chosen_findings(report.findings, extent == SarifExtent::complete ? report.findings.size() : kMostResults)),
        out_(sink) {
    for (const Ledger::Row& row : report.ledger.skipped)
      notifications_.push_back(sarif_notification(row, redact));
    if (const size_t left_out = report.findings.size() - chosen_.size(); left_out > 0)
      notifications_.push_back(sarif_limit_notification(left_out));
    if (judged_ != nullptr && judged_->left_out_from)
      notifications_.push_back(sarif_passes_notification(*judged_->left_out_from, redact));
    for (size_t i = 0; i < rules_.size(); ++i)
      rule_index_.emplace(rules_[i].id, i);
    any_suppressed_ = std::any_of(report.findings.begin(), report.findings.end(),
                                  [](const Finding& finding) { return finding.suppressed.has_value(); });
  }

  void write() {
    out_.open_object();
    out_.key("$schema").string(kSchema);
    out_.key("version").string("2.1.0");
    out_.key("runs").open_array();
    write_run();
    out_.close_array();
    out_.close_object();
    out_.finish();
  }

 private:
  void write_run() {
    out_.open_object();
    write_tool();
    write_sarif_taxonomies(out_, taxonomies_);
    write_invocation();
    write_provenance();
    out_.key("originalUriBaseIds").open_object();
    out_.key(kRoot).open_object();
    write_text("description", "The root of the repository, or the folder that was scanned.");
    out_.close_object();
    out_.close_object();
    out_.key("automationDetails").open_object(Layout::flat);
    out_.key("id").string(std::string(kToolName) + "/" + report_.target.kind + "/");
    out_.close_object();
    out_.key("columnKind").string("utf16CodeUnits");
    out_.key("results").open_array();
    for (const size_t index : chosen_)
      write_result(report_.findings[index]);
    if (judged_ != nullptr) write_judged();
    out_.close_array();
    write_run_properties();
    out_.close_object();
  }

  void write_tool() {
    out_.key("tool").open_object();
    out_.key("driver").open_object();
    out_.key("name").string("Sealwarden");
    out_.key("version").string(report_.tool_version);
    out_.key("semanticVersion").string(report_.tool_version);
    out_.key("informationUri").string(kToolUri);
    out_.key("rules").open_array();
    for (const Rule& rule : rules_)
      write_sarif_rule(out_, rule, taxonomies_);
    out_.close_array();
    out_.key("notifications").open_array();
    for (const SarifNotification& each : notifications_)
      write_sarif_notification_descriptor(out_, each);
    out_.close_array();
    write_sarif_supported(out_, taxonomies_);
    out_.close_object();
    out_.close_object();
  }

  void write_invocation() {
    out_.key("invocations").open_array();
    out_.open_object();
    out_.key("executionSuccessful").boolean(report_.complete);
    out_.key("toolExecutionNotifications").open_array();
    for (size_t i = 0; i < notifications_.size(); ++i)
      write_notification(notifications_[i], i);
    out_.close_array();
    out_.close_object();
    out_.close_array();
  }

  void write_notification(const SarifNotification& notification, size_t index) {
    out_.open_object();
    out_.key("descriptor").open_object(Layout::flat);
    out_.key("id").string(notification.id);
    out_.key("index").number(index);
    out_.close_object();
    out_.key("level").string(notification.level);
    write_text("message", notification.text);
    out_.close_object();
  }

  void write_provenance() {
    const std::optional<std::string> uri = repository_uri(report_.target.remote, redact_);
    if (!uri) return;
    out_.key("versionControlProvenance").open_array();
    out_.open_object();
    out_.key("repositoryUri").string(*uri);
    if (report_.target.head) out_.key("revisionId").string(report_.target.head->hex());
    if (report_.target.branch) out_.key("branch").string(redact_(*report_.target.branch));
    out_.key("mappedTo").open_object(Layout::flat);
    out_.key("uriBaseId").string(kRoot);
    out_.close_object();
    out_.close_object();
    out_.close_array();
  }

  void write_run_properties() {
    const Report::Summary& summary = report_.summary;
    out_.key("properties").open_object();
    out_.key("complete").boolean(report_.complete);
    out_.key("findings").number(summary.findings);
    out_.key("failing").number(summary.failing);
    out_.key("open").number(summary.open);
    out_.key("suppressed").number(summary.suppressed);
    out_.key("secrets").number(summary.secrets);
    out_.key("below_confidence").number(summary.below_confidence);
    out_.key("scanned_blobs").number(report_.ledger.blobs);
    out_.key("scanned_bytes").number(report_.ledger.bytes);
    out_.key("skipped").open_object();
    for (const Ledger::Row& row : report_.ledger.skipped)
      out_.key(name_of(row.reason)).number(row.count);
    out_.close_object();
    out_.key("rules_digest").string(report_.target.rules_digest);
    if (report_.target.head) out_.key("head").string(report_.target.head->hex());
    if (report_.target.as_of) out_.key("as_of").string(*report_.target.as_of);
    if (judged_ != nullptr) {
      out_.key("passed").number(count_passed());
      out_.key("not_applicable").number(judged_->not_applicable.size());
    }
    out_.close_object();
  }

  void write_result(const Finding& finding) {
    const Place& place = main_place(finding);
    out_.open_object();
    out_.key("ruleId").string(finding.rule);
    out_.key("ruleIndex").number(rule_index_.at(finding.rule));
    out_.key("kind").string(kKinds[static_cast<size_t>(finding.kind)]);
    out_.key("level").string(finding.kind == Finding::Kind::fail ? sarif_level(finding.severity) : "none");
    out_.key("rank").number(rank_of(finding));
    write_text("message", message_of(finding, place));
    out_.key("locations").open_array();
    write_location(finding, place);
    out_.close_array();
    write_related(finding, place);
    write_fingerprints(finding);
    write_states(finding);
    write_properties(finding, place);
    out_.close_object();
  }

  [[nodiscard]] uint64_t count_passed() const {
    uint64_t count = 0;
    for (const auto& [path, documents] : judged_->files)
      for (const JudgedFiles::Document& document : documents) count += document.passed.size();
    return count;
  }

  // What is in order, a line each: there are many.
  void write_judged() {
    std::vector<size_t> index;
    for (const Rule& rule : judged_->rules)
      index.push_back(rule_index_.at(rule.id));
    for (const auto& [path, documents] : judged_->files) {
      const std::string uri = percent_encode_path(redact_(path));
      for (const JudgedFiles::Document& document : documents) {
        const std::string name = redact_(document.name);
        for (const uint32_t rule : document.passed) write_pass(index[rule], uri, name, document.region);
      }
    }
    for (const uint32_t rule : judged_->not_applicable) {
      open_judged_result(index[rule], "notApplicable");
      write_text("message", std::string(kNothingToJudge));
      close_judged_result();
    }
  }

  void write_pass(size_t rule, const std::string& uri, const std::string& name, const Region& region) {
    open_judged_result(rule, "pass");
    write_text("message", name.empty() ? std::string(kInOrder) : "In order: " + name + ".");
    out_.key("locations").open_array();
    out_.open_object();
    out_.key("physicalLocation").open_object();
    write_artifact(uri);
    write_region(region);
    out_.close_object();
    if (!name.empty()) {
      out_.key("logicalLocations").open_array();
      out_.open_object();
      out_.key("fullyQualifiedName").string(name);
      out_.close_object();
      out_.close_array();
    }
    write_commit(judged_->commit);
    out_.close_object();
    out_.close_array();
    close_judged_result();
  }

  void open_judged_result(size_t rule, std::string_view kind) {
    out_.open_object(Layout::flat);
    out_.key("ruleId").string(rules_[rule].id);
    out_.key("ruleIndex").number(rule);
    out_.key("kind").string(kind);
    out_.key("level").string("none");
  }

  // These two have all results of a run, or none.
  void close_judged_result() {
    if (report_.baseline_used) out_.key("baselineState").string("new");
    if (any_suppressed_) out_.key("suppressions").strings({});
    out_.close_object();
  }

  [[nodiscard]] static std::string_view without_stop(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    return text;
  }

  // No path stands in it: the location says it, and brackets of paths would be read as links.
  [[nodiscard]] std::string message_of(const Finding& finding, const Place& place) const {
    std::string text = finding.message.empty() ? finding.title : redact_(without_stop(finding.message));
    if (!finding.secret.empty()) text += " '" + redacted(finding.secret) + "'";
    if (place.carrier != Carrier::blob) text.append(" in ").append(name_of(place.carrier));
    text += life_of(finding, place);
    return text + ".";
  }

  [[nodiscard]] static std::string life_of(const Finding& finding, const Place& place) {
    std::string text;
    if (!finding.introduced.empty()) text = ", came in with commit " + short_id(finding.introduced.front());
    if (finding.at_head) return text + ", still at HEAD";
    if (!finding.removed.empty())
      return text + ", removed by " + short_id(finding.removed.front()) + ", kept by git";
    return text.append(", reach: ").append(name_of(place.reach));
  }

  void write_location(const Finding& finding, const Place& place) {
    out_.open_object();
    write_location_members(place);
    if (!finding.node.empty() && lies_in_file(place)) write_node(finding);
    write_commit(place.commit);
    out_.close_object();
  }

  void write_commit(const std::optional<ObjectId>& commit) {
    if (!commit) return;
    out_.key("properties").open_object(Layout::flat);
    out_.key("commit").string(commit->hex());
    out_.close_object();
  }

  void write_node(const Finding& finding) {
    out_.key("logicalLocations").open_array();
    out_.open_object(Layout::flat);
    out_.key("fullyQualifiedName").string(redact_(finding.document.empty() ? finding.node : finding.document + ":" + finding.node));
    out_.key("kind").string("value");
    out_.close_object();
    out_.close_array();
  }

  void write_location_members(const Place& place) {
    out_.key("physicalLocation").open_object();
    write_artifact(uri_of(place));
    // A secret in a file's name has no place in the file, a file rule's finding has none either: these are at its start.
    write_region(place.carrier == Carrier::file_name ? Region{} : place.region);
    out_.close_object();
    if (lies_in_file(place) && place.carrier != Carrier::file_name) return;
    const std::string name = holder_name(place);
    out_.key("logicalLocations").open_array();
    out_.open_object(Layout::flat);
    out_.key("fullyQualifiedName").string(name);
    out_.key("kind").string(name_of(place.carrier));
    out_.close_object();
    out_.close_array();
  }

  void write_artifact(const std::string& uri) {
    out_.key("artifactLocation").open_object(Layout::flat);
    out_.key("uri").string(uri);
    out_.key("uriBaseId").string(kRoot);
    out_.close_object();
  }

  [[nodiscard]] std::string uri_of(const Place& place) const {
    if (lies_in_file(place)) return percent_encode_path(redact_(*place.path));
    if (place.carrier == Carrier::git_config) return ".git/config";
    if (place.carrier == Carrier::blob && !place.blob) return "stdin";
    return ".git/" + holder_name(place);
  }

  void write_region(const Region& region) {
    out_.key("region").open_object(Layout::flat);
    out_.key("startLine").number(region.start_line);
    out_.key("startColumn").number(region.start_column_utf16);
    out_.key("endLine").number(region.end_line);
    out_.key("endColumn").number(region.end_column_utf16);
    out_.key("byteOffset").number(region.start_byte);
    out_.key("byteLength").number(region.end_byte - region.start_byte);
    out_.close_object();
  }

  void write_related(const Finding& finding, const Place& main) {
    if (finding.places.size() < 2) return;
    out_.key("relatedLocations").open_array();
    uint64_t id = 0;
    for (const Place& place : finding.places) {
      if (&place == &main || id == kMostRelated) continue;
      out_.open_object();
      out_.key("id").number(++id);
      write_location_members(place);
      write_text("message", message_of_other(finding, place));
      write_commit(place.commit);
      out_.close_object();
    }
    out_.close_array();
  }

  [[nodiscard]] static std::string message_of_other(const Finding& finding, const Place& place) {
    std::string text = finding.secret.empty() ? "The same" : "The same secret";
    if (place.commit) text += " as of commit " + short_id(*place.commit);
    return text.append(", reach: ").append(name_of(place.reach)).append(".");
  }

  void write_fingerprints(const Finding& finding) {
    // By the version that each begins with; the finding's own goes before those of other rules that saw the place.
    std::map<std::string_view, std::string_view> by_version;
    const auto note = [&](std::string_view name) { by_version.emplace(name.substr(0, name.find(':')), name); };
    note(finding.fingerprint);
    for (const std::string& other : finding.also_fingerprints) note(other);
    for (const std::string_view key : {"fingerprints", "partialFingerprints"}) {
      out_.key(key).open_object(Layout::flat);
      for (const auto& [version, name] : by_version) out_.key(version).string(name);
      out_.close_object();
    }
  }

  void write_states(const Finding& finding) {
    if (report_.baseline_used) {
      const bool known = finding.suppressed && finding.suppressed->kind == Suppression::Kind::baseline;
      out_.key("baselineState").string(known ? "unchanged" : "new");
    }
    if (!any_suppressed_) return;
    out_.key("suppressions").open_array();
    if (finding.suppressed) write_suppression(*finding.suppressed);
    out_.close_array();
  }

  void write_suppression(const Suppression& suppression) {
    const std::string_view why = suppression.why;
    out_.open_object();
    out_.key("kind").string(suppression.kind == Suppression::Kind::allow_comment ? "inSource" : "external");
    out_.key("status").string("accepted");
    out_.key("justification")
        .string(why.empty() ? "No reason given (" + std::string(name_of(suppression.kind)) + ")."
                            : redact_(why));
    out_.key("properties").open_object(Layout::flat);
    out_.key("by").string(name_of(suppression.kind));
    out_.key("new").boolean(suppression.is_new);
    if (!suppression.origin.empty()) out_.key("origin").string(suppression.origin);
    out_.close_object();
    out_.close_object();
  }

  void write_properties(const Finding& finding, const Place& place) {
    out_.key("properties").open_object();
    out_.key("severity").string(name_of(finding.severity));
    out_.key("confidence").string(name_of(finding.confidence));
    out_.key("reasons").open_array(Layout::flat);
    for (const std::string& reason : finding.reasons)
      out_.string(redact_(reason));
    out_.close_array();
    out_.key("secret_id").string(finding.secret_id);
    out_.key("also").strings(finding.also);
    if (!finding.node.empty()) out_.key("node").string(redact_(finding.node));
    if (!finding.document.empty()) out_.key("document").string(redact_(finding.document));
    out_.key("carrier").string(name_of(place.carrier));
    out_.key("reach").string(name_of(place.reach));
    out_.key("commit").string(full_id(place.commit));
    out_.key("author_date").string(date_time(place.author_date));
    out_.key("at_head").boolean(finding.at_head);
    write_ids("introduced", finding.introduced);
    write_ids("removed", finding.removed);
    out_.key("decoded").strings(place.decoded);
    out_.key("places").number(finding.places.size());
    out_.close_object();
  }

  void write_ids(std::string_view key, const std::vector<ObjectId>& ids) {
    out_.key(key).open_array(Layout::flat);
    for (const ObjectId& id : ids)
      out_.string(id.hex());
    out_.close_array();
  }

  void write_text(std::string_view key, const std::string& text) {
    out_.key(key).open_object(Layout::flat);
    out_.key("text").string(text);
    out_.close_object();
  }

  const Report& report_;
  const Redactor& redact_;
  const JudgedFiles* const judged_;  // nullptr: not to be told
  const std::vector<Rule> rules_;
  const std::vector<SarifTaxonomy> taxonomies_;
  const std::vector<size_t> chosen_;
  std::vector<SarifNotification> notifications_;
  std::unordered_map<std::string, size_t> rule_index_;
  bool any_suppressed_ = false;
  JsonOut out_;
};

}  // namespace

void write_sarif(const Report& report, const Redactor& redactor, SarifExtent extent, const Sink& sink) {
  SarifReport(report, redactor, extent, sink).write();
}

}  // namespace sealwarden
