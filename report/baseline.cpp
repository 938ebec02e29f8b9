// SPDX-License-Identifier: Apache-2.0
#include "report/baseline.h"

#include <simdjson.h>

#include <algorithm>
#include <set>

#include "report/json_out.h"
#include "report/utf8.h"

namespace sealwarden {
namespace {

using Layout = JsonOut::Layout;
namespace ondemand = simdjson::ondemand;

// Bytes of `text` before the first that is no UTF-8.
size_t utf8_prefix(std::string_view text) {
  size_t at = 0;
  while (const size_t length = first_character(text.substr(at)).length)
    at += length;
  return at;
}

constexpr std::string_view kRemedy =
    "; write it anew with `sealwarden baseline create`, or take it back from git";

// Reads one baseline; knows the file's name and text for messages.
class BaselineReader {
 public:
  BaselineReader(const std::string& name, const std::string& text) : name_(name), padded_(text) {}

  Result<Baseline> read() {
    if (auto code = parser_.iterate(padded_).get(document_)) return broken(code);
    started_ = true;
    ondemand::object root;
    if (auto code = document_.get_object().get(root)) return broken(code);
    for (auto member : root) {
      ondemand::field field;
      std::string_view key;
      if (auto code = std::move(member).get(field)) return broken(code);
      if (auto code = field.unescaped_key().get(key)) return broken(code);
      TRY_VOID(read_member(key, field.value()));
    }
    // The parser still stands somewhere only if something follows.
    if (document_.current_location().error() == simdjson::SUCCESS)
      return wrong("there is more behind the end of the object");
    if (!schema_seen_) return wrong("the key \"schema\" is missing");
    if (!findings_seen_) return wrong("the key \"findings\" is missing");
    return sorted();
  }

 private:
  Result<void> read_member(std::string_view key, ondemand::value value) {
    if (key == "schema") {
      uint64_t schema = 0;
      if (auto code = value.get_uint64().get(schema)) return broken(code);
      if (schema != 1)
        return wrong("schema " + std::to_string(schema) + " is not known (this version reads 1)");
      schema_seen_ = true;
      return {};
    }
    if (key == "findings") return read_entries(value);
    return {};
  }

  Result<void> read_entries(ondemand::value value) {
    ondemand::array array;
    if (auto code = value.get_array().get(array)) return broken(code);
    findings_seen_ = true;
    for (auto element : array) {
      ondemand::object object;
      if (auto code = element.get_object().get(object)) return broken(code);
      TRY_VOID(read_entry(object));
    }
    return {};
  }

  Result<void> read_entry(ondemand::object object) {
    const size_t entry_line = line();
    Baseline::Entry entry;
    for (auto member : object) {
      ondemand::field field;
      std::string_view key;
      if (auto code = std::move(member).get(field)) return broken(code);
      if (auto code = field.unescaped_key().get(key)) return broken(code);
      TRY_VOID(read_text(key, field.value(), entry));
    }
    if (!is_fingerprint(entry.fingerprint))
      return wrong("an entry has no \"fingerprint\" of the form sealwarden/v1:HEX", entry_line);
    if (!entry.secret_id.empty() && !is_fingerprint(entry.secret_id))
      return wrong("an entry's \"secret_id\" has not the form sealwarden/v1:HEX", entry_line);
    baseline_.entries.push_back(std::move(entry));
    return {};
  }

  Result<void> read_text(std::string_view key, ondemand::value value, Baseline::Entry& entry) {
    std::string* const target = key == "fingerprint" ? &entry.fingerprint
                                : key == "secret_id" ? &entry.secret_id
                                : key == "rule"      ? &entry.rule
                                : key == "path"      ? &entry.path
                                                     : nullptr;
    if (target == nullptr) return {};
    bool absent = false;
    if (auto code = value.is_null().get(absent)) return broken(code);
    if (absent) return {};
    std::string_view text;
    if (auto code = value.get_string().get(text)) return broken(code);
    *target = text;
    return {};
  }

  Result<Baseline> sorted() {
    auto& entries = baseline_.entries;
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.fingerprint < b.fingerprint; });
    entries.erase(std::unique(entries.begin(), entries.end(),
                              [](const auto& a, const auto& b) { return a.fingerprint == b.fingerprint; }),
                  entries.end());
    return std::move(baseline_);
  }

  tl::unexpected<Error> broken(simdjson::error_code code) {
    return wrong(std::string("this is not the JSON of a baseline (") + simdjson::error_message(code) + ")");
  }

  tl::unexpected<Error> wrong(const std::string& what) { return wrong(what, line()); }
  tl::unexpected<Error> wrong(const std::string& what, size_t at_line) {
    return fail(Error::Kind::usage,
                name_ + ":" + std::to_string(at_line) + ": " + what + std::string(kRemedy));
  }

  // Where the parser stands; if it never started, the first byte that is no UTF-8; else the last line.
  size_t line() {
    std::string_view before(padded_.data(), padded_.size());
    const char* at = nullptr;
    if (!started_) {
      before = before.substr(0, utf8_prefix(before));
    } else if (document_.current_location().get(at) == simdjson::SUCCESS && at >= before.data() &&
               at < before.data() + before.size()) {
      before = before.substr(0, static_cast<size_t>(at - before.data()));
    }
    if (before.size() == padded_.size() && before.ends_with('\n')) before.remove_suffix(1);
    return static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  }

  const std::string& name_;
  const simdjson::padded_string padded_;
  ondemand::parser parser_;
  ondemand::document document_;
  Baseline baseline_;
  bool started_ = false;
  bool schema_seen_ = false, findings_seen_ = false;
};

void mark(Finding& finding) { finding.suppressed = Suppression{.kind = Suppression::Kind::baseline}; }

const Baseline::Entry* find_entry(const Baseline& baseline, const std::string& fingerprint) {
  const auto at =
      std::lower_bound(baseline.entries.begin(), baseline.entries.end(), fingerprint,
                       [](const auto& entry, const auto& wanted) { return entry.fingerprint < wanted; });
  return at != baseline.entries.end() && at->fingerprint == fingerprint ? &*at : nullptr;
}

size_t mark_known(const Baseline& baseline, std::vector<Finding>& findings) {
  size_t marked = 0;
  for (Finding& finding : findings) {
    const auto knows = [&](const std::string& fingerprint) { return find_entry(baseline, fingerprint) != nullptr; };
    // A finding that was known under another rule's name is still known.
    const auto& others = finding.also_fingerprints;
    if (finding.suppressed || (!knows(finding.fingerprint) && std::none_of(others.begin(), others.end(), knows))) continue;
    mark(finding);
    ++marked;
  }
  return marked;
}

// How many entries of each secret have lost their finding, or have it in the past only: their files may have been renamed.
std::map<std::string, size_t> lost_entries(const Baseline& baseline, const std::vector<Finding>& findings) {
  std::set<std::string_view> present;
  for (const Finding& finding : findings)
    if (finding.removed.empty()) {
      present.insert(finding.fingerprint);
      present.insert(finding.also_fingerprints.begin(), finding.also_fingerprints.end());
    }
  std::map<std::string, size_t> lost;
  for (const Baseline::Entry& entry : baseline.entries)
    if (!entry.secret_id.empty() && !present.contains(entry.fingerprint)) ++lost[entry.secret_id];
  return lost;
}

size_t mark_renamed(const Baseline& baseline, std::vector<Finding>& findings) {
  std::map<std::string, size_t> lost = lost_entries(baseline, findings);
  size_t marked = 0;
  for (Finding& finding : findings) {
    // A file rule's finding is its path alone.
    if (finding.suppressed || (finding.secret.empty() && finding.fingerprint.starts_with("sealwarden/"))) continue;
    const auto entry = lost.find(finding.secret_id);
    if (entry == lost.end() || entry->second == 0) continue;
    --entry->second;
    mark(finding);
    ++marked;
  }
  return marked;
}

bool belongs_in_baseline(const Finding& finding) {
  return !finding.suppressed || finding.suppressed->kind == Suppression::Kind::baseline;
}

void write_entry(JsonOut& out, const Finding& finding, const Redactor& redactor) {
  out.open_object(Layout::flat);
  out.key("fingerprint").string(finding.fingerprint);
  out.key("secret_id").string(finding.secret_id);
  out.key("rule").string(finding.rule);
  if (finding.path)
    out.key("path").string(redactor(*finding.path));
  else
    out.key("path").null();
  out.close_object();
}

}  // namespace

Result<Baseline> read_baseline(const std::string& name, const std::string& text) {
  return BaselineReader(name, text).read();
}

std::string write_baseline(const Report& report, const Redactor& redactor) {
  std::map<std::string_view, const Finding*> known;
  for (const Finding& finding : report.findings)
    if (belongs_in_baseline(finding)) known.emplace(finding.fingerprint, &finding);
  JsonOut out;
  out.open_object();
  out.key("schema").number(1);
  out.key("tool").string(kToolName);
  out.key("findings").open_array();
  for (const auto& [fingerprint, finding] : known)
    write_entry(out, *finding, redactor);
  out.close_array();
  out.close_object();
  return out.take();
}

size_t apply_baseline(const Baseline& baseline, std::vector<Finding>& findings, bool follow_renames) {
  const size_t known = mark_known(baseline, findings);
  return known + (follow_renames ? mark_renamed(baseline, findings) : 0);
}

}  // namespace sealwarden
