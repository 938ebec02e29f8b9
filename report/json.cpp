// SPDX-License-Identifier: Apache-2.0
// The report as JSON, schema 1. Keys may be added; none changes its meaning.
#include "report/json_out.h"
#include "report/wording.h"
#include "report/writers.h"

namespace sealwarden {
namespace {

using Layout = JsonOut::Layout;

constexpr std::string_view kKinds[] = {"fail", "review", "open"};
constexpr std::string_view kClasses[] = {"secret", "config"};

class JsonReport {
 public:
  JsonReport(const Report& report, const Redactor& redact, const WriteOptions& options, const Sink& sink)
      : report_(report), redact_(redact), options_(options), out_(sink) {}

  void write() {
    out_.open_object();
    out_.key("schema").number(1);
    write_tool();
    write_target();
    out_.key("complete").boolean(report_.complete);
    out_.key("findings").open_array();
    for (const Finding& finding : report_.findings)
      write_finding(finding);
    out_.close_array();
    write_summary();
    write_ledger();
    out_.close_object();
    out_.finish();
  }

 private:
  void write_tool() {
    out_.key("tool").open_object(Layout::flat);
    out_.key("name").string(kToolName);
    out_.key("version").string(report_.tool_version);
    out_.close_object();
  }

  void write_target() {
    const Report::Target& target = report_.target;
    out_.key("target").open_object();
    out_.key("kind").string(target.kind);
    out_.key("remote").string(clean_url(target.remote));
    out_.key("head").string(full_id(target.head));
    out_.key("refs_digest").string(target.refs_digest);
    out_.key("rules_digest").string(target.rules_digest);
    out_.key("as_of").string(target.as_of);
    out_.close_object();
  }

  void write_finding(const Finding& finding) {
    out_.open_object();
    write_rule(finding);
    write_identity(finding);
    write_life(finding);
    out_.key("places").open_array();
    for (const Place& place : finding.places)
      write_place(place);
    out_.close_array();
    out_.close_object();
  }

  void write_rule(const Finding& finding) {
    out_.key("rule").string(finding.rule);
    out_.key("also").strings(finding.also);
    out_.key("also_fingerprints").strings(finding.also_fingerprints);
    out_.key("class").string(kClasses[static_cast<size_t>(finding.kind_of_leak)]);
    out_.key("kind").string(kKinds[static_cast<size_t>(finding.kind)]);
    out_.key("title").string(finding.title);
    out_.key("message").string(redact_(finding.message));
    out_.key("document").string(redact_(finding.document));
    out_.key("node").string(redact_(finding.node));
    out_.key("severity").string(name_of(finding.severity));
    out_.key("confidence").string(name_of(finding.confidence));
    out_.key("reasons").open_array(Layout::flat);
    for (const std::string& reason : finding.reasons)
      out_.string(redact_(reason));
    out_.close_array();
  }

  void write_identity(const Finding& finding) {
    const bool has_secret = !finding.secret.empty();
    out_.key("path").string(clean(finding.path));
    out_.key("fingerprint").string(finding.fingerprint);
    out_.key("secret_id").string(finding.secret_id);
    if (has_secret)
      out_.key("redacted").string(redacted(finding.secret));
    else
      out_.key("redacted").null();
    if (has_secret && options_.show_secrets)
      out_.key("secret").string(finding.secret.reveal());
    else
      out_.key("secret").null();
  }

  void write_life(const Finding& finding) {
    out_.key("at_head").boolean(finding.at_head);
    write_ids("introduced", finding.introduced);
    write_ids("removed", finding.removed);
    out_.key("merge_only").boolean(finding.merge_only);
    out_.key("suppressed");
    if (!finding.suppressed) return out_.null();
    out_.open_object(Layout::flat);
    out_.key("kind").string(name_of(finding.suppressed->kind));
    out_.key("why").string(redact_(finding.suppressed->why));
    out_.key("new").boolean(finding.suppressed->is_new);
    out_.key("origin").string(finding.suppressed->origin);
    out_.close_object();
  }

  void write_ids(std::string_view key, const std::vector<ObjectId>& ids) {
    out_.key(key).open_array(Layout::flat);
    for (const ObjectId& id : ids)
      out_.string(id.hex());
    out_.close_array();
  }

  void write_place(const Place& place) {
    out_.open_object(Layout::flat);
    out_.key("commit").string(full_id(place.commit));
    out_.key("blob").string(full_id(place.blob));
    out_.key("carrier").string(name_of(place.carrier));
    out_.key("path").string(clean(place.path));
    out_.key("reach").string(name_of(place.reach));
    out_.key("author_date").string(date_time(place.author_date));
    write_region(place.region);
    out_.key("decoded").strings(place.decoded);
    out_.close_object();
  }

  void write_region(const Region& region) {
    out_.key("start_line").number(region.start_line);
    out_.key("start_column").number(region.start_column);
    out_.key("end_line").number(region.end_line);
    out_.key("end_column").number(region.end_column);
    out_.key("start_byte").number(region.start_byte);
    out_.key("end_byte").number(region.end_byte);
  }

  void write_summary() {
    const Report::Summary& summary = report_.summary;
    out_.key("summary").open_object();
    out_.key("findings").number(summary.findings);
    out_.key("suppressed").number(summary.suppressed);
    out_.key("baselined").number(summary.baselined);
    out_.key("secrets").number(summary.secrets);
    out_.key("below_confidence").number(summary.below_confidence);
    out_.key("failing").number(summary.failing);
    out_.key("open").number(summary.open);
    write_counts("by_severity", summary.by_severity);
    write_counts("by_rule", summary.by_rule);
    out_.close_object();
  }

  void write_counts(std::string_view key, const std::map<std::string, uint64_t>& counts) {
    out_.key(key).open_object();
    for (const auto& [name, count] : counts)
      out_.key(name).number(count);
    out_.close_object();
  }

  void write_ledger() {
    out_.key("ledger").open_object();
    out_.key("scanned").open_object(Layout::flat);
    out_.key("blobs").number(report_.ledger.blobs);
    out_.key("bytes").number(report_.ledger.bytes);
    out_.close_object();
    out_.key("skipped").open_array();
    for (const Ledger::Row& row : report_.ledger.skipped)
      write_row(row);
    out_.close_array();
    out_.close_object();
  }

  void write_row(const Ledger::Row& row) {
    out_.open_object();
    out_.key("reason").string(name_of(row.reason));
    out_.key("loss").boolean(row.loss);
    out_.key("count").number(row.count);
    out_.key("examples").open_array();
    for (const std::string& example : row.examples)
      out_.string(shortened(redact_(example)));
    out_.close_array();
    out_.close_object();
  }

  [[nodiscard]] std::optional<std::string> clean(const std::optional<std::string>& text) const {
    if (!text) return std::nullopt;
    return redact_(*text);
  }

  [[nodiscard]] std::optional<std::string> clean_url(const std::optional<std::string>& url) const {
    if (!url) return std::nullopt;
    return redact_(without_user_information(*url));
  }

  const Report& report_;
  const Redactor& redact_;
  const WriteOptions& options_;
  JsonOut out_;
};

}  // namespace

void write_json(const Report& report, const Redactor& redactor, const WriteOptions& options, const Sink& sink) {
  JsonReport(report, redactor, options, sink).write();
}

}  // namespace sealwarden
