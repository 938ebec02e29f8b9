// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_reader.h"

#include <algorithm>

#include "rules/pattern.h"
#include "rules/policy_reader.h"
#include "rules/rule_tests_reader.h"
#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr std::string_view kOtherKinds[] = {"commits", "evidence", "builtin"};

template <class T>
struct Named {
  std::string_view name;
  T value;
};
constexpr Named<RuleKind> kKinds[] = {{"secret", RuleKind::secret},
                                      {"file", RuleKind::file},
                                      {"config", RuleKind::config},
                                      {"tree", RuleKind::tree},
                                      {"pair", RuleKind::pair}};
constexpr Named<Rank> kRanks[] = {{"file", Rank::file},
                                  {"generic", Rank::generic},
                                  {"policy", Rank::policy},
                                  {"provider", Rank::provider},
                                  {"checksum", Rank::checksum}};

bool is_lower_or_digit(char c) { return is_lower(c) || is_digit(c); }

// CFG-FILE-001
bool is_numbered(std::string_view text) {
  if (text.size() < 9 || !text.starts_with("CFG-") || text[text.size() - 4] != '-') return false;
  const std::string_view number = text.substr(text.size() - 3);
  const std::string_view area = text.substr(4, text.size() - 8);
  return std::all_of(number.begin(), number.end(), is_digit) &&
         std::all_of(area.begin(), area.end(), [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c); });
}

void read_names(TableReader& reader, Rule& rule) {
  rule.id = reader.text("id");
  rule.name = reader.text("name");
  rule.title = reader.text("title");
  const bool numbered = rule.kind != RuleKind::secret && is_numbered(rule.id);
  if (rule.id.empty())
    reader.problem("id", "a rule has no id; give it one in kebab case");
  else if (!numbered && !is_kebab(rule.id))
    reader.problem("id",
                   "id '" + rule.id + "' is not in kebab case (but for secret rules: or like CFG-K8S-001); rename it");
  if (numbered && rule.name.empty())
    reader.problem("id", "rule " + rule.id + " has no name; give it one in kebab case");
  if (!rule.name.empty() && !is_kebab(rule.name))
    reader.problem("name", "name '" + rule.name + "' is not in kebab case");
  if (rule.title.empty())
    reader.problem("title", "rule " + rule.id + " has no title; say in a few words what it finds");
}

Rank read_rank(TableReader& reader, RuleKind kind) {
  const auto word = reader.maybe_text("rank");
  const Rank usual = kind == RuleKind::file ? Rank::file : kind == RuleKind::secret ? Rank::provider : Rank::policy;
  if (!word) return usual;
  std::vector<std::string_view> names;
  for (const auto& [name, rank] : kRanks) {
    if (name == *word) return rank;
    names.push_back(name);
  }
  reader.problem("rank", "rank '" + *word + "' is unknown; write " + one_of(names));
  return usual;
}

Severity read_rule_severity(TableReader& reader, const Rule& rule) {
  const auto severity = read_severity(reader);
  if (!reader.has("severity"))
    reader.problem("severity",
                   "rule " + rule.id + " has no severity; write critical, high, medium, low or info");
  return severity.value_or(Severity::high);
}

std::string read_advice(TableReader& reader) {
  const std::string advice = reader.text("advice"), fix = reader.text("fix");
  if (!advice.empty() && !fix.empty()) reader.problem("fix", "'fix' and 'advice' mean the same; remove one");
  return advice.empty() ? fix : advice;
}

// Taken where it says what happens anyway.
void read_scope(TableReader& reader) {
  const auto scope = reader.maybe_text("scope");
  if (scope && *scope != "versions")
    reader.problem("scope",
                   "secret and file rules look at every version; write scope = \"versions\" or remove it");
}

void read_common(TableReader& reader, Rule& rule) {
  read_names(reader, rule);
  rule.severity = read_rule_severity(reader, rule);
  rule.confidence = read_confidence(reader).value_or(Confidence::high);
  rule.rank = read_rank(reader, rule.kind);
  rule.paths = read_globs(reader, "paths");
  rule.not_paths = read_globs(reader, "not_paths");
  rule.cwe = reader.texts("cwe");
  rule.owasp = reader.texts("owasp");
  rule.cis = reader.texts("cis");
  rule.ssdf = reader.texts("ssdf");
  rule.why = reader.text("why");
  rule.advice = read_advice(reader);
  rule.example = reader.text("example");
  rule.url = reader.text("url");
  rule.equivalents = reader.texts("equivalents");
  rule.aliases = reader.texts("aliases");
  rule.tests = read_rule_tests(reader, rule);
}

double* entropy_field(EntropyCheck& check, std::string_view alphabet) {
  if (alphabet == "digits") return &check.digits;
  if (alphabet == "hex") return &check.hex;
  if (alphabet == "base36") return &check.base36;
  if (alphabet == "base62") return &check.base62;
  if (alphabet == "base64") return &check.base64;
  return alphabet == "any" ? &check.any : nullptr;
}

// What no text reaches: a secret of that alphabet is none.
constexpr double kNever = 9;

double bits_of(const TomlValue& value, Problems& problems) {
  const bool whole = value.kind == TomlValue::Kind::integer;
  const double bits = whole ? static_cast<double>(value.integer) : value.real;
  if ((whole || value.kind == TomlValue::Kind::real) && bits >= 0 && bits <= kNever) return bits;
  problems.add(value.position, "entropy is a number of bits per byte, from 0 to 8, or 9 for never");
  return 0;
}

EntropyCheck read_entropy_table(const TomlValue& table, Problems& problems) {
  EntropyCheck check;
  for (const TomlMember& member : table.members) {
    if (double* field = entropy_field(check, member.key))
      *field = bits_of(member.value, problems);
    else
      problems.add(member.position, "unknown alphabet '" + member.key +
                                        "' of entropy; write digits, hex, base36, base62, base64 or any");
  }
  return check;
}

std::optional<EntropyCheck> read_entropy(TableReader& reader, Problems& problems) {
  const TomlValue* value = reader.member("entropy");
  if (value == nullptr) return std::nullopt;
  if (value->kind == TomlValue::Kind::table) return read_entropy_table(*value, problems);
  const double bits = bits_of(*value, problems);
  return EntropyCheck{bits, bits, bits, bits, bits, bits};
}

std::vector<Anchor> read_anchors(TableReader& reader, Problems& problems) {
  std::vector<Anchor> anchors;
  for (const TomlValue* table : reader.tables("anchors")) {
    TableReader fields(*table, "an anchor", problems);
    Anchor anchor;
    anchor.regex = read_regex(fields, "regex");
    anchor.before = fields.number("before", kMaxMatchLength).value_or(0);
    anchor.after = fields.number("after", kMaxMatchLength).value_or(0);
    if (anchor.regex.empty())
      fields.problem("regex", "an anchor has no regex; give it one or remove the anchor");
    fields.finish();
    anchors.push_back(std::move(anchor));
  }
  return anchors;
}

// The written length, or that of a bounded regex.
uint32_t read_max_length(TableReader& reader, const Rule& rule) {
  const auto written = reader.number("max_length", kMaxMatchLength);
  if (written && *written == 0)
    reader.problem("max_length", "max_length is 0; give the bytes of the longest match");
  if (written || rule.regex.empty()) return written.value_or(0);
  const auto width = pattern_width(rule.regex);
  if (!width) {
    reader.problem("regex", "the length of a match cannot be seen (" + width.error().message +
                                "); give max_length and anchors");
    return 0;
  }
  if (width->most <= kMaxMatchLength) return width->most;
  reader.problem("regex", "a match may be of any length; bound the repeats ({1,200}) or give max_length");
  return 0;
}

Rule::Reader read_reader(TableReader& reader) {
  const auto word = reader.maybe_text("reader");
  if (!word || *word == "regex") return Rule::Reader::regex;
  if (*word == "assigned-password") return Rule::Reader::assigned_password;
  if (*word == "assigned-secret") return Rule::Reader::assigned_secret;
  reader.problem("reader", "reader '" + *word + "' is unknown; write regex, assigned-password or assigned-secret");
  return Rule::Reader::regex;
}

// What is read as an assignment has keywords instead of a regex, and the reach of all assignments.
void read_assigned_fields(TableReader& reader, Rule& rule, Problems& problems) {
  for (const std::string_view key : {"regex", "group", "max_length", "entropy", "checksum"})
    if (reader.has(key)) reader.problem(key, "'" + std::string(key) + "' is for rules with a regex; remove it");
  rule.keywords = reader.texts("keywords");
  rule.anchors = read_anchors(reader, problems);
  if (rule.keywords.empty()) reader.problem("keywords", "rule " + rule.id + " has no keywords; name the words that its names hold");
  if (rule.anchors.empty()) reader.problem("anchors", "rule " + rule.id + " has no anchors; give one that every match holds");
  rule.max_length = kLongestAssignment;
  rule.stopwords = reader.texts("stopwords");
  rule.ignore = reader.texts("ignore");
}

void read_secret_fields(TableReader& reader, Rule& rule, Problems& problems) {
  rule.reader = read_reader(reader);
  if (rule.reader != Rule::Reader::regex) return read_assigned_fields(reader, rule, problems);
  rule.regex = read_regex(reader, "regex");
  if (rule.regex.empty())
    reader.problem("regex", "rule " + rule.id + " has no regex; a secret rule needs one");
  rule.group = reader.number("group", 100).value_or(0);
  const auto groups = count_groups(rule.regex);
  if (groups && rule.group > *groups)
    reader.problem("group",
                   "the regex has only " + std::to_string(*groups) + " captures; lower 'group' or add one");
  rule.max_length = read_max_length(reader, rule);
  rule.keywords = reader.texts("keywords");
  rule.anchors = read_anchors(reader, problems);
  rule.entropy = read_entropy(reader, problems);
  rule.checksum = read_checksum(reader);
  rule.stopwords = reader.texts("stopwords");
  rule.ignore = reader.texts("ignore");
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> bytes_of_hex(std::string_view digits) {
  std::string bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    const int high = hex_value(digits[i]), low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  if (digits.size() % 2 != 0) return std::nullopt;
  return bytes;
}

void read_confirm(TableReader& reader, Rule& rule, Problems& problems) {
  const TomlValue* table = reader.member("confirm", TomlValue::Kind::table);
  if (table == nullptr) return;
  TableReader fields(*table, "confirm", problems);
  for (const std::string& digits : fields.texts("magic")) {
    if (auto bytes = bytes_of_hex(digits))
      rule.confirm.magic.push_back(*std::move(bytes));
    else
      fields.problem("magic", "magic '" + digits + "' is not pairs of hex digits");
  }
  rule.confirm.magic_offset = fields.number("magic_offset", 1U << 20).value_or(0);
  rule.confirm.regex = read_regex(fields, "regex");
  rule.confirm.not_regex = read_regex(fields, "not_regex");
  rule.confirm.min_size = fields.number("min_size", UINT32_MAX).value_or(1);
  fields.finish();
}

void read_file_fields(TableReader& reader, Rule& rule, Problems& problems) {
  if (rule.paths.empty())
    reader.problem("paths", "rule " + rule.id + " has no paths; a file rule needs globs of files");
  read_confirm(reader, rule, problems);
}

// nullopt: told as a problem.
std::optional<RuleKind> read_kind(TableReader& reader) {
  const std::string word = reader.maybe_text("kind").value_or("secret");
  std::vector<std::string_view> names;
  for (const auto& [name, kind] : kKinds) {
    if (name == word) return kind;
    names.push_back(name);
  }
  const bool other = std::find(std::begin(kOtherKinds), std::end(kOtherKinds), word) != std::end(kOtherKinds);
  reader.problem("kind", other ? "this version reads no rules of kind '" + word + "'; remove the rule"
                               : "kind '" + word + "' is unknown; write " + one_of(names));
  return std::nullopt;
}

}  // namespace

std::optional<Severity> read_severity(TableReader& reader) {
  const auto word = reader.maybe_text("severity");
  if (!word) return std::nullopt;
  const auto value = parse_severity(*word);
  if (!value)
    reader.problem("severity",
                   "severity '" + *word + "' is unknown; write critical, high, medium, low or info");
  return value;
}

std::string glob_problem(std::string_view glob) {
  size_t braces = 0;
  for (size_t i = 0; i < glob.size(); ++i) {
    if (glob[i] == '\\') {
      if (++i == glob.size()) return "ends with a lone '\\'; double it or remove it";
    } else if (glob[i] == '[') {
      const size_t end = glob.find(']', i + 2);
      if (end == std::string_view::npos) return "has a '[' without ']'; close it or quote it with '\\'";
      i = end;
    } else if (glob[i] == '{' && ++braces > 1) {
      return "has braces within braces; write the alternatives out";
    } else if (glob[i] == '}' && braces-- == 0) {
      return "has a '}' without '{'; remove it or quote it with '\\'";
    }
  }
  if (braces != 0) return "has a '{' without '}'; close it or quote it with '\\'";
  if (glob.starts_with("./") || glob.starts_with("../") || glob.find("/../") != std::string_view::npos)
    return "has '.' or '..' as a folder; paths start at the root of the repository";
  return {};
}

bool is_kebab(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  if (text.find("--") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

std::optional<Confidence> read_confidence(TableReader& reader) {
  const auto word = reader.maybe_text("confidence");
  if (!word) return std::nullopt;
  const auto value = parse_confidence(*word);
  if (!value) reader.problem("confidence", "confidence '" + *word + "' is unknown; write high, medium or low");
  return value;
}

std::vector<std::string> read_globs(TableReader& reader, std::string_view key) {
  std::vector<std::string> globs = reader.texts(key);
  for (const std::string& glob : globs) {
    const std::string problem = glob_problem(glob);
    if (!problem.empty()) reader.problem(key, "glob '" + glob + "' " + problem);
  }
  return globs;
}

std::string read_regex(TableReader& reader, std::string_view key) {
  const auto regex = reader.maybe_text(key);
  if (!regex) return {};
  const auto groups = count_groups(*regex);
  if (!groups)
    reader.problem(key,
                   "'" + std::string(key) + "' is no expression that RE2 takes: " + groups.error().message);
  if (groups && regex->empty()) reader.problem(key, "'" + std::string(key) + "' is empty; remove it");
  return groups ? *regex : std::string();
}

std::optional<Rule> read_rule(const TomlValue& table, Problems& problems) {
  TableReader reader(table, "a rule", problems);
  const auto kind = read_kind(reader);
  if (!kind) return std::nullopt;
  Rule rule;
  rule.kind = *kind;
  rule.origin = problems.place(table.position);
  read_common(reader, rule);
  if (rule.kind == RuleKind::secret || rule.kind == RuleKind::file) read_scope(reader);
  if (rule.kind == RuleKind::secret)
    read_secret_fields(reader, rule, problems);
  else if (rule.kind == RuleKind::file)
    read_file_fields(reader, rule, problems);
  else
    rule.policy = read_policy_part(reader, rule);
  reader.finish();
  return rule;
}

}  // namespace sealwarden
