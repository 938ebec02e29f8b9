// SPDX-License-Identifier: Apache-2.0
#include "rules/compiled_rules.h"

#include <hs/hs_common.h>
#include <hs/hs_compile.h>
#include <hs/hs_runtime.h>
#include <re2/re2.h>

#include <algorithm>
#include <mutex>
#include <new>

#include "rules/builtin.h"
#include "rules/compiled_cache.h"
#include "rules/pattern.h"
#include "rules/rule_codec.h"

namespace sealwarden {
namespace {

// An expression that is compiled when it is first wanted.
class LazyRegex {
 public:
  const re2::RE2& get(const std::string& regex) {
    std::call_once(once_, [&] { compiled_ = make_re2(regex); });
    return *compiled_;
  }

 private:
  std::once_flag once_;
  std::unique_ptr<re2::RE2> compiled_;
};

// The digest of all that decides what compiling gives, and of what the lint has said before.
Sha256 cache_key(std::span<const Rule> rules) {
  hs_platform_info_t platform{};
  hs_populate_platform(&platform);
  std::string text = hs_version();
  text += "\n" + std::to_string(platform.tune) + " " + std::to_string(platform.cpu_features) + "\n";
  for (Rule rule : rules) {
    rule.severity = Severity::info;  // an override of these changes no expression
    rule.disabled = false;
    text += encode_decisive(rule);
  }
  return sha256(text);
}

Result<void> lint_all(std::span<const Rule> rules) {
  std::string messages;
  for (const Rule& rule : rules)
    for (const std::string& message : lint_rule(rule))
      messages.append(messages.empty() ? "" : "\n").append(message);
  if (messages.empty()) return {};
  return fail(Error::Kind::usage, std::move(messages));
}

}  // namespace

struct CompiledRules::Lazy {
  LazyRegex matcher, confirm, refuse;
};

CompiledRules::~CompiledRules() = default;

void CompiledRules::FreeDatabase::operator()(hs_database* database) const { hs_free_database(database); }

void FreeScratch::operator()(hs_scratch* scratch) const { hs_free_scratch(scratch); }

Result<std::unique_ptr<CompiledRules>> CompiledRules::make(RuleSet rules, const std::string& cache_folder) {
  std::unique_ptr<CompiledRules> made(new CompiledRules());  // the constructor is private
  made->rules_ = std::move(rules);
  const size_t count = made->rules_.rules.size();
  made->lazy_ = std::make_unique<Lazy[]>(count);
  TRY_VOID(made->add_part(0, made->rules_.builtin_count, cache_folder));
  TRY_VOID(made->add_part(made->rules_.builtin_count, count, cache_folder));
  for (const AnchorInfo& info : made->anchors_)
    made->widest_anchor_ = std::max(made->widest_anchor_, info.width);
  return made;
}

Result<void> CompiledRules::add_part(size_t first, size_t last, const std::string& cache_folder) {
  const std::span<const Rule> rules(rules_.rules.data() + first, last - first);
  if (rules.empty()) return {};
  if (first == 0 && rules_.shipped == builtin_rules_digest() && adopt_embedded()) return {};
  const Sha256 key = cache_key(rules);
  if (!cache_folder.empty())
    if (const auto cached = load_cached(cache_folder, key); cached && adopt(*cached, first, "cached"))
      return {};
  if (first >= rules_.builtin_count) TRY_VOID(lint_all(rules));  // the shipped ones were linted when they were embedded
  TRY(const CompiledAnchors compiled, compile_anchors(rules, TargetCpu::host));
  const std::string encoded = encode_anchors(compiled);
  if (!cache_folder.empty()) store_cached(cache_folder, key, encoded);
  if (!adopt(encoded, first, "compiled"))
    return fail(Error::Kind::internal, "Hyperscan refuses the database that it has just made");
  return {};
}

bool CompiledRules::adopt_embedded() {
  const auto decoded = decode_anchors(builtin_anchors());
  return decoded && add_database(reinterpret_cast<const hs_database*>(builtin_database().data()), decoded->infos, 0, "embedded");
}

bool CompiledRules::adopt(Bytes encoded, size_t first, std::string_view origin) {
  const auto decoded = decode_anchors(encoded);
  if (!decoded) return false;
  if (decoded->infos.empty()) return decoded->database.empty();
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(decoded->database.data(), decoded->database.size(), &database) != HS_SUCCESS) return false;
  owned_.emplace_back(database);
  if (add_database(database, decoded->infos, first, origin)) return true;
  owned_.pop_back();
  return false;
}

// False if the library does not take the database: another version, another CPU, damage.
bool CompiledRules::add_database(const hs_database* database, const std::vector<AnchorInfo>& infos, size_t first, std::string_view origin) {
  size_t size = 0;
  if (hs_database_size(database, &size) != HS_SUCCESS) return false;
  hs_scratch_t* scratch = spare_.release();  // asking for scratch space makes the library look at version and CPU
  const bool usable = hs_alloc_scratch(database, &scratch) == HS_SUCCESS;
  spare_.reset(scratch);
  if (!usable) return false;
  databases_.push_back({database, static_cast<uint32_t>(anchors_.size()), size});
  for (AnchorInfo info : infos) {
    info.rule += static_cast<uint32_t>(first);
    anchors_.push_back(info);
  }
  origins_.emplace_back(origin);
  return true;
}

ScratchPtr CompiledRules::make_scratch() const {
  {
    const std::lock_guard lock(spare_guard_);
    if (spare_ != nullptr) return std::move(spare_);
  }
  hs_scratch_t* scratch = nullptr;
  for (const Database& one : databases_)
    if (hs_alloc_scratch(one.database, &scratch) != HS_SUCCESS) {
      hs_free_scratch(scratch);
      throw std::bad_alloc();
    }
  return ScratchPtr(scratch);
}

const re2::RE2& CompiledRules::matcher(uint32_t rule) const {
  return lazy_[rule].matcher.get(rules_.rules[rule].regex);
}

const re2::RE2* CompiledRules::confirm_matcher(uint32_t rule) const {
  const std::string& regex = rules_.rules[rule].confirm.regex;
  return regex.empty() ? nullptr : &lazy_[rule].confirm.get(regex);
}

const re2::RE2* CompiledRules::refuse_matcher(uint32_t rule) const {
  const std::string& regex = rules_.rules[rule].confirm.not_regex;
  return regex.empty() ? nullptr : &lazy_[rule].refuse.get(regex);
}

}  // namespace sealwarden
