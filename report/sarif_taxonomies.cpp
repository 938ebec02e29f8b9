// SPDX-License-Identifier: Apache-2.0
#include "report/sarif_taxonomies.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

using Layout = JsonOut::Layout;

struct KnownTaxonomy {
  std::string_view prefix;  // of the ids as rules write them, in lower case
  std::string_view name, organization, version, uri;
};
constexpr std::string_view kOwasp = "OWASP Foundation", kCis = "Center for Internet Security";
// The first that fits; an empty prefix is for what is left of its list.
constexpr KnownTaxonomy kWeaknesses[] = {{"", "CWE", "MITRE", "", "https://cwe.mitre.org/"}};
constexpr KnownTaxonomy kRisks[] = {
    {"cicd-sec-", "OWASP Top 10 CI/CD Security Risks", kOwasp, "", "https://owasp.org/www-project-top-10-ci-cd-security-risks/"},
    {"", "OWASP Top 10", kOwasp, "", "https://owasp.org/Top10/"},  // its version is in the id: "A02:2025"
};
constexpr KnownTaxonomy kBenchmarks[] = {
    {"cis-k8s-", "CIS Kubernetes Benchmark", kCis, "", "https://www.cisecurity.org/benchmark/kubernetes"},
    {"cis-docker-", "CIS Docker Benchmark", kCis, "", "https://www.cisecurity.org/benchmark/docker"},
    {"cis-nginx-", "CIS NGINX Benchmark", kCis, "", "https://www.cisecurity.org/benchmark/nginx"},
    {"cis-aws-", "CIS Amazon Web Services Foundations Benchmark", kCis, "", "https://www.cisecurity.org/benchmark/amazon_web_services"},
    {"cis-gcp-", "CIS Google Cloud Platform Foundation Benchmark", kCis, "", "https://www.cisecurity.org/benchmark/google_cloud_computing_platform"},
    {"", "CIS Benchmarks", kCis, "", "https://www.cisecurity.org/cis-benchmarks"},
};
constexpr KnownTaxonomy kPractices[] = {
    {"", "NIST SSDF", "National Institute of Standards and Technology", "1.1", "https://csrc.nist.gov/pubs/sp/800/218/final"}};

template <size_t Count>
const KnownTaxonomy& taxonomy_of(const KnownTaxonomy (&known)[Count], const std::string& id) {
  std::string lower;
  for (const char c : id) lower += to_lower(c);
  return *std::find_if(std::begin(known), std::end(known), [&](const KnownTaxonomy& one) { return lower.starts_with(one.prefix); });
}

// What a rule names, each with its taxonomy. A weakness says what kind of fault the rule finds; the others what it matters for.
struct Mention {
  SarifTaxonomy taxonomy;  // without taxa
  std::string id;
  std::string_view relation;
};

template <size_t Count>
void mention(const KnownTaxonomy (&known)[Count], const std::vector<std::string>& ids, std::string_view relation, std::vector<Mention>& out) {
  for (const std::string& id : ids) {
    const KnownTaxonomy& one = taxonomy_of(known, id);
    SarifTaxonomy taxonomy{std::string(one.name), std::string(one.organization), std::string(one.version), std::string(one.uri), {}};
    const size_t colon = id.find(':');
    if (taxonomy.name == "OWASP Top 10" && colon != std::string::npos) {
      taxonomy.version = id.substr(colon + 1);
      taxonomy.name += ":" + taxonomy.version;
      taxonomy.uri += taxonomy.version + "/";
    }
    out.push_back({std::move(taxonomy), id, relation});
  }
}

std::vector<Mention> mentions_of(const Rule& rule) {
  std::vector<Mention> out;
  mention(kWeaknesses, rule.cwe, "superset", out);
  mention(kRisks, rule.owasp, "relevant", out);
  mention(kBenchmarks, rule.cis, "relevant", out);
  mention(kPractices, rule.ssdf, "relevant", out);
  return out;
}

void write_reference(JsonOut& out, const std::string& taxonomy) {
  out.open_object();
  out.key("name").string(taxonomy);
  out.close_object();
}

void write_taxon(JsonOut& out, const std::string& id) {
  constexpr std::string_view kWeakness = "CWE-";
  out.open_object(Layout::flat);
  out.key("id").string(id);
  const std::string number = id.starts_with(kWeakness) ? id.substr(kWeakness.size()) : "";
  if (!number.empty() && std::all_of(number.begin(), number.end(), is_digit))
    out.key("helpUri").string("https://cwe.mitre.org/data/definitions/" + number + ".html");
  out.close_object();
}

}  // namespace

std::vector<SarifTaxonomy> sarif_taxonomies(const std::vector<Rule>& rules) {
  std::map<std::string, std::pair<SarifTaxonomy, std::set<std::string>>> by_name;
  for (const Rule& rule : rules)
    for (Mention& one : mentions_of(rule)) {
      auto& [taxonomy, taxa] = by_name[one.taxonomy.name];
      taxonomy = std::move(one.taxonomy);
      taxa.insert(std::move(one.id));
    }
  std::vector<SarifTaxonomy> out;
  for (auto& [name, one] : by_name) {
    one.first.taxa.assign(one.second.begin(), one.second.end());
    out.push_back(std::move(one.first));
  }
  return out;
}

void write_sarif_taxonomies(JsonOut& out, const std::vector<SarifTaxonomy>& taxonomies) {
  if (taxonomies.empty()) return;
  out.key("taxonomies").open_array();
  for (const SarifTaxonomy& one : taxonomies) {
    out.open_object();
    out.key("name").string(one.name);
    out.key("organization").string(one.organization);
    if (!one.version.empty()) out.key("version").string(one.version);
    out.key("informationUri").string(one.uri);
    out.key("shortDescription").open_object(Layout::flat);
    out.key("text").string("What the rules of this run name of it.");
    out.close_object();
    out.key("isComprehensive").boolean(false);
    out.key("taxa").open_array();
    for (const std::string& id : one.taxa) write_taxon(out, id);
    out.close_array();
    out.close_object();
  }
  out.close_array();
}

void write_sarif_supported(JsonOut& out, const std::vector<SarifTaxonomy>& taxonomies) {
  if (taxonomies.empty()) return;
  out.key("supportedTaxonomies").open_array(Layout::flat);
  for (const SarifTaxonomy& one : taxonomies) write_reference(out, one.name);
  out.close_array();
}

void write_sarif_relationships(JsonOut& out, const Rule& rule, const std::vector<SarifTaxonomy>& taxonomies) {
  const std::vector<Mention> mentions = mentions_of(rule);
  if (mentions.empty()) return;
  std::set<std::pair<std::string_view, std::string_view>> told;
  out.key("relationships").open_array();
  for (const Mention& one : mentions) {
    if (!told.emplace(one.taxonomy.name, one.id).second) continue;
    const auto taxonomy = std::find_if(taxonomies.begin(), taxonomies.end(), [&](const SarifTaxonomy& each) { return each.name == one.taxonomy.name; });
    const auto taxon = std::lower_bound(taxonomy->taxa.begin(), taxonomy->taxa.end(), one.id);
    out.open_object(Layout::flat);
    out.key("target").open_object();
    out.key("id").string(one.id);
    out.key("index").number(static_cast<uint64_t>(taxon - taxonomy->taxa.begin()));
    out.key("toolComponent");
    write_reference(out, one.taxonomy.name);
    out.close_object();
    out.key("kinds").open_array();
    out.string(one.relation);
    out.close_array();
    out.close_object();
  }
  out.close_array();
}

}  // namespace sealwarden
