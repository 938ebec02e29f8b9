// SPDX-License-Identifier: Apache-2.0
#include "report/fingerprint.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <mutex>

#include "scanner/base/ascii.h"
#include "scanner/base/digest.h"

namespace sealwarden {
namespace {

constexpr std::string_view kVersion = "sealwarden/v1", kPolicyVersion = "policy/v1";
constexpr double kStrong = 64;  // bits

// Each field enters with its length, so that no two triples give the same bytes.
void append_field(std::string& out, std::string_view field) {
  for (size_t i = 0; i < 8; ++i)
    out += static_cast<char>(uint64_t{field.size()} >> (8 * i) & 0xFF);
  out += field;
}

// Slow hashes already made, by plain hash of the value: the values themselves are not kept.
class SlowHashes {
 public:
  Sha256 of(std::string_view value) {
    const Sha256 key = sha256(value);
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = made_.find(key); known != made_.end()) return known->second;
    }
    // Outside the lock: two threads may do the same work now and then, none waits for another's.
    const Sha256 made = slow_hash(value, kVersion);
    const std::lock_guard lock(mutex_);
    return made_.emplace(key, made).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<Sha256, Sha256> made_;
};

// What stands for the secret in the hash: itself, or its slow hash if it could be guessed. The first byte
// says which.
std::string secret_field(const Secret& secret) {
  static SlowHashes slow_hashes;
  const std::string_view value = secret.reveal();
  if (value.empty() || estimate_strength(value) >= kStrong) return std::string("=").append(value);
  const Sha256 slow = slow_hashes.of(value);
  return std::string("~").append(reinterpret_cast<const char*>(slow.data()), slow.size());
}

std::string identity(std::string_view rule, const std::string* path, const Secret& secret) {
  std::string fields;
  append_field(fields, rule);
  fields += path != nullptr ? 'p' : '-';
  if (path != nullptr) append_field(fields, *path);
  append_field(fields, secret_field(secret));
  return std::string(kVersion).append(":").append(hex(sha256(fields), 32));
}

struct Alphabet {
  double size;
  bool (*holds)(char);
};

// From narrow to wide; the last holds every byte.
constexpr Alphabet kAlphabets[] = {
    {10, is_digit},
    {16, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }},
    {16, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); }},
    {26, is_lower},
    {26, is_upper},
    {36, [](char c) { return is_digit(c) || is_lower(c); }},
    {36, [](char c) { return is_digit(c) || is_upper(c); }},
    {52, is_letter},
    {62, [](char c) { return is_digit(c) || is_letter(c); }},
    {64, [](char c) { return is_digit(c) || is_letter(c) || c == '+' || c == '/'; }},
    {64, [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; }},
    {95, [](char c) { return c >= ' ' && c <= '~'; }},
    {256, [](char) { return true; }},
};

bool holds_all(const Alphabet& alphabet, std::string_view value) {
  for (const char c : value)
    if (!alphabet.holds(c)) return false;
  return true;
}

}  // namespace

std::string fingerprint(std::string_view rule, const std::optional<std::string>& path, const Secret& secret) {
  return identity(rule, path ? &*path : nullptr, secret);
}

std::string policy_fingerprint(std::string_view rule, const std::optional<std::string>& path, std::string_view subject, const Secret& secret) {
  std::string fields;
  append_field(fields, rule);
  append_field(fields, path ? *path : std::string());
  append_field(fields, subject);
  append_field(fields, secret_field(secret));
  return std::string(kPolicyVersion).append(":").append(hex(sha256(fields), 32));
}

std::string secret_id(std::string_view rule, const Secret& secret) { return identity(rule, nullptr, secret); }

double estimate_strength(std::string_view value) {
  for (const Alphabet& alphabet : kAlphabets)
    if (holds_all(alphabet, value)) return static_cast<double>(value.size()) * std::log2(alphabet.size);
  return 0;
}

}  // namespace sealwarden
