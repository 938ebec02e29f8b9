// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "rules/checksum_parts.h"
#include "rules/checksum_recipes.h"

namespace sealwarden {
namespace {

// Keys of the kind "HIS v1": random bytes, a signature of four base64 characters before the last six, and as the last four
// bytes the Marvin32 of all others with a seed of the service.
struct Service {
  std::string_view signature;
  std::array<std::string_view, 7> seeds;  // the first is the usual one; empty ones fill up
  bool for_urls = false;
};
constexpr Service kServices[] = {
    {"+ASt", {"Default0"}},
    {"ACDb", {"MastRW00", "MastRO00", "SystRW00", "SystRO00", "SysAll00", "Resour00", "Encryp00"}},
    {"+ABa", {"AbAcct00"}},
    {"APIM", {"Tenant00", "IotHub00", "Gateway0", "GitKey00"}},
    {"AzCa", {"Access00"}},
    {"+ASb", {"Send0000", "Listen00", "Manage00"}},
    {"+AEh", {"Send0000", "Listen00", "Manage00"}},
    {"+ARm", {"Send0000", "Listen00", "Manage00"}},
    {"AIoT", {"IotHub00", "DpsKey00", "Device00"}},
    {"AzSe", {"PAdmin00", "Query000"}},
    {"+ACR", {"ACRDflt0"}},
    {"AzFu", {"Functi00", "System00", "Master00"}, true},
    {"+AMC", {"Classic0"}},
    {"+SQL", {"UsrPwd00"}},
};
constexpr size_t kSignature = 4, kBehindSignature = 6, kSum = 4;
constexpr std::string_view kRedis = "AzCa";
constexpr size_t kMostReplaced = 8;  // 256 sums

const Service* service_of(std::string_view signature) {
  const auto* found = std::find_if(std::begin(kServices), std::end(kServices),
                                   [&](const Service& one) { return one.signature == signature; });
  return found == std::end(kServices) ? nullptr : found;
}

bool his_sum_fits(std::string_view text, const Service& service) {
  const auto bytes = from_base64(text);
  const auto cut = bytes ? cut_tail(*bytes, kSum) : std::nullopt;
  return cut && std::any_of(service.seeds.begin(), service.seeds.end(), [&](std::string_view seed) {
           return !seed.empty() && marvin32(cut->head, seed) == from_little_endian(cut->tail);
         });
}

// Some Redis keys were handed out with "P" for "+" and "F" for "/": each of these letters may have been either.
bool replaced_sum_fits(std::string text, const Service& service) {
  std::vector<size_t> places;
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == 'P' || text[i] == 'F') places.push_back(i);
  if (places.size() > kMostReplaced) return false;
  for (size_t chosen = 1; chosen < size_t{1} << places.size(); ++chosen) {
    std::string original = text;
    for (size_t i = 0; i < places.size(); ++i)
      if ((chosen >> i & 1) != 0) original[places[i]] = text[places[i]] == 'P' ? '+' : '/';
    if (his_sum_fits(original, service)) return true;
  }
  return false;
}

constexpr size_t kCaskCovered = 80, kCaskMark = 52;

// The two ways in which the sum of a key of CASK v0 is written, as six base64 characters: it itself, or the base64 whose
// text begins with its base62 digits.
std::array<std::string, 2> cask_v0_checks(std::string_view covered) {
  const auto bytes = from_base64(covered);
  if (!bytes) return {};
  const std::string sum = little_endian(marvin32(*bytes, "Default0"));
  std::string digits = encoded_number(byte_swapped(from_little_endian(sum)), kDigitsUpperLower, 6);
  const size_t zeros = std::min(digits.find_first_not_of('0'), size_t{5});
  digits = joined(std::string_view(digits).substr(zeros), std::string(zeros, '0'));
  const auto cleared = from_base64(digits);
  return {cleared ? to_base64(*cleared, kBase64, false) : std::string(), to_base64(sum, kBase64, false)};
}

constexpr std::string_view kBase66 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
std::string ad_check(std::string_view head) { return encoded_number(marvin32(head, "AadPwd00"), kBase66, 6).substr(0, 3); }

// Where the four bytes of the sum lie, the least significant first, in the 32 bytes of an old Azure DevOps token.
constexpr std::array<size_t, 4> kDevOpsPlaces = {22, 8, 7, 2};
constexpr uint32_t kDevOpsUser = 0xE0B9692D, kDevOpsApplication = 0x1019F92E;
uint32_t devops_sum(std::string_view bytes) {
  std::string covered;
  for (size_t i = 0; i < bytes.size(); ++i)
    if (std::find(kDevOpsPlaces.begin(), kDevOpsPlaces.end(), i) == kDevOpsPlaces.end()) covered += bytes[i];
  return crc32(covered);
}

}  // namespace

bool holds_azure_his_v1(std::string_view token) {
  if (token.size() > 100) return false;  // the longest has 88
  while (token.ends_with('=')) token.remove_suffix(1);
  if (token.size() < kSignature + kBehindSignature) return false;
  std::string signature(token.substr(token.size() - kSignature - kBehindSignature, kSignature));
  std::replace(signature.begin(), signature.end(), '-', '+');
  const Service* service = service_of(signature);
  if (service == nullptr) return false;
  return his_sum_fits(token, *service) || (signature == kRedis && replaced_sum_fits(std::string(token), *service));
}
// The prefix is the signature, the body what stands before it. Bits of the last covered byte that lie behind the signature
// are zero.
std::string complete_azure_his_v1(std::string_view prefix, std::string_view body) {
  const Service* service = service_of(prefix);
  const auto bytes = from_base64(joined(body, prefix, "AAAAAA"));
  if (service == nullptr || !bytes || bytes->size() <= kSum) return joined(body, prefix);
  const std::string covered = bytes->substr(0, bytes->size() - kSum);
  const std::string sum = little_endian(marvin32(covered, service->seeds[0]));
  return to_base64(joined(covered, sum), service->for_urls ? kBase64Url : kBase64);
}

bool holds_azure_cask_v0(std::string_view token) {
  if (token.size() != 84 && token.size() != 88) return false;
  const std::string_view mark = token.substr(kCaskMark);
  constexpr std::string_view kKinds = "9DH", kMonths = "ABCDEFGHIJKL";
  if (!mark.starts_with("JQQJ9") || kKinds.find(mark[5]) == kKinds.npos || kMonths.find(mark[7]) == kMonths.npos) return false;
  std::string_view check = token.substr(kCaskCovered);
  while (check.ends_with('=')) check.remove_suffix(1);
  if (check.size() < 4) return false;
  for (const std::string& expected : cask_v0_checks(token.substr(0, kCaskCovered)))
    if (std::string_view(expected).starts_with(check)) return true;
  return false;
}
std::string complete_azure_cask_v0(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, cask_v0_checks(head)[0].substr(0, 4));
}

// 43 or 86 characters of secret, "A" to a multiple of four, QJJQ, A, size of the secret (B, C), number of data fields of four
// characters (A to K), kind, signature of the provider, the fields, AA, and when it was made: year from 2025, month, day,
// hour, minute, second.
bool holds_azure_cask_v1(std::string_view token) {
  constexpr size_t kFixed = 20;  // from QJJQ to the end, without the fields
  const size_t mark = token.size() < 88 + kFixed ? 44 : 88;
  if (token.size() < mark + kFixed || !all_of(token, kBase64Url)) return false;
  const std::string_view fixed = token.substr(mark);
  const size_t fields = kBase64Url.find(fixed[6]);
  if (fields > 10 || fixed.size() != kFixed + 4 * fields) return false;
  const bool padded = mark == 44 ? token[43] == 'A' : token.substr(86, 2) == "AA";
  const bool sized = fixed[5] == (mark == 44 ? 'B' : 'C');
  const std::string_view time = fixed.substr(fixed.size() - 6);
  constexpr std::array<size_t, 6> kMost = {63, 11, 30, 23, 59, 59};
  for (size_t i = 0; i < kMost.size(); ++i)
    if (kBase64Url.find(time[i]) > kMost[i]) return false;
  return fixed.starts_with("QJJQ") && padded && sized && fixed[4] == 'A' && fixed.substr(fixed.size() - 8, 2) == "AA";
}

bool holds_azure_ad_8q(std::string_view token) {
  const auto cut = token.size() == 40 ? cut_tail(token, 3) : std::nullopt;
  return cut && cut->head.substr(3, 3) == "8Q~" && ad_check(cut->head) == cut->tail;
}
std::string complete_azure_ad_8q(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, ad_check(head));
}

bool holds_azure_devops_legacy(std::string_view token) {
  const auto bytes = token.size() == 52 ? from_base32(token, kBase32Lower) : std::nullopt;
  if (!bytes) return false;
  std::string stored;
  for (const size_t place : kDevOpsPlaces) stored += (*bytes)[place];
  const uint32_t mask = from_little_endian(stored) ^ devops_sum(*bytes);
  return mask == kDevOpsUser || mask == kDevOpsApplication;
}
std::string complete_azure_devops_legacy(std::string_view prefix, std::string_view body) {
  const std::string text = joined(prefix, body);
  auto bytes = text.size() == 52 ? from_base32(text, kBase32Lower) : std::nullopt;
  if (!bytes) return text;
  const std::string stored = little_endian(devops_sum(*bytes) ^ kDevOpsUser);
  for (size_t i = 0; i < kDevOpsPlaces.size(); ++i) (*bytes)[kDevOpsPlaces[i]] = stored[i];
  return to_base32(*bytes, kBase32Lower);
}

}  // namespace sealwarden
