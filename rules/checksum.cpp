// SPDX-License-Identifier: Apache-2.0
#include "rules/checksum.h"

#include <iterator>

#include "rules/checksum_parts.h"
#include "rules/checksum_recipes.h"

namespace sealwarden {
namespace {

bool holds_none(std::string_view) { return true; }
std::string as_it_is(std::string_view prefix, std::string_view body) { return joined(prefix, body); }

struct Recipe {
  Checksum checksum;
  std::string_view name;
  Trust trust;
  Evidence evidence;
  bool (*holds)(std::string_view token);
  std::string (*complete)(std::string_view prefix, std::string_view body);
};

constexpr Trust kSure = Trust::sure, kAdvisory = Trust::advisory, kHint = Trust::hint;
constexpr Evidence kStructure = Evidence::structure, kDigit = Evidence::digit, kProof = Evidence::proof;
using enum Checksum;

// In the order of the enumeration.
constexpr Recipe kRecipes[] = {
    {none, "none", kHint, kStructure, holds_none, as_it_is},
    {crc32_base62_body, "crc32-base62-body", kSure, kProof, holds_base62_body, complete_base62_body},
    {crc32_base62_body_advisory, "crc32-base62-body-advisory", kAdvisory, kProof, holds_base62_body, complete_base62_body},
    {crc32_base62_body_hint, "crc32-base62-body-hint", kHint, kProof, holds_base62_body, complete_base62_body},
    {crc32_base62_all_sep, "crc32-base62-all-sep", kSure, kProof, holds_base62_all_sep, complete_base62_all_sep},
    {crc32_base62_all_sep_advisory, "crc32-base62-all-sep-advisory", kAdvisory, kProof, holds_base62_all_sep,
     complete_base62_all_sep},
    {crc32_hex_body, "crc32-hex-body", kSure, kProof, holds_hex_body, complete_hex_body},
    {crc32_hex_body_sep, "crc32-hex-body-sep", kSure, kProof, holds_hex_body_sep, complete_hex_body_sep},
    {crc32_hex_le_all, "crc32-hex-le-all", kSure, kProof, holds_hex_le_all, complete_hex_le_all},
    {crc32_hex_all, "crc32-hex-all", kSure, kProof, holds_hex_all, complete_hex_all},
    {crc32_hex_all_hint, "crc32-hex-all-hint", kHint, kProof, holds_hex_all, complete_hex_all},
    {crc32_base62l_all, "crc32-base62l-all", kHint, kProof, holds_base62l_all, complete_base62l_all},
    {crc32_base64_body, "crc32-base64-body", kSure, kProof, holds_base64_body, complete_base64_body},
    {crc32_any, "crc32-any", kSure, kProof, holds_crc32_any, complete_base62_body},
    {gitlab_routable, "gitlab-routable", kSure, kProof, holds_gitlab_routable, complete_gitlab_routable},
    {laravel_sanctum, "laravel-sanctum", kAdvisory, kProof, holds_sanctum, complete_hex_body},
    {hex_pm, "hex-pm", kAdvisory, kProof, holds_hex_pm, complete_hex_pm},
    {xata, "xata", kAdvisory, kProof, holds_xata, complete_xata},

    {crates_io_xor, "crates-io-xor", kSure, kDigit, holds_crates_io, complete_crates_io},
    {github_fine_grained, "github-fine-grained", kHint, kProof, holds_github_fine_grained, complete_github_fine_grained},
    {luhn, "luhn", kSure, kDigit, holds_luhn, complete_luhn},
    {iban, "iban", kSure, kDigit, holds_iban, complete_iban},
    {openpgp_crc24, "openpgp-crc24", kSure, kStructure, holds_openpgp_crc24, complete_openpgp_crc24},
    {nats_nkey, "nats-nkey", kAdvisory, kProof, holds_nats_nkey, complete_nats_nkey},
    {stellar_seed, "stellar-seed", kAdvisory, kProof, holds_stellar_seed, complete_stellar_seed},
    {base58check, "base58check", kSure, kProof, holds_base58check, complete_base58check},
    {bech32, "bech32", kSure, kProof, holds_bech32, complete_bech32},
    {bip39, "bip39", kSure, kDigit, holds_bip39, complete_bip39},
    {secp256k1_key, "secp256k1-key", kSure, kStructure, holds_secp256k1_key, as_it_is},
    {solana_keypair, "solana-keypair", kSure, kProof, holds_solana_keypair, complete_solana_keypair},

    {azure_his_v1, "azure-his-v1", kSure, kProof, holds_azure_his_v1, complete_azure_his_v1},
    {azure_his_v1_advisory, "azure-his-v1-advisory", kAdvisory, kProof, holds_azure_his_v1, complete_azure_his_v1},
    {azure_his_v1_hint, "azure-his-v1-hint", kHint, kProof, holds_azure_his_v1, complete_azure_his_v1},
    {azure_cask_v0, "azure-cask-v0", kSure, kProof, holds_azure_cask_v0, complete_azure_cask_v0},
    {azure_cask_v1, "azure-cask-v1", kAdvisory, kStructure, holds_azure_cask_v1, as_it_is},
    {azure_ad_8q, "azure-ad-8q", kHint, kProof, holds_azure_ad_8q, complete_azure_ad_8q},
    {azure_devops_legacy, "azure-devops-legacy", kAdvisory, kProof, holds_azure_devops_legacy, complete_azure_devops_legacy},

    {aws_key_id, "aws-key-id", kAdvisory, kStructure, holds_aws_key_id, complete_aws_key_id},
    {jwt, "jwt", kSure, kStructure, holds_jwt, complete_jwt},
    {pypi_macaroon, "pypi-macaroon", kSure, kStructure, holds_pypi_macaroon, complete_pypi_macaroon},
    {discord_bot, "discord-bot", kSure, kStructure, holds_discord_bot, complete_discord_bot},
    {jfrog_reference, "jfrog-reference", kAdvisory, kStructure, holds_jfrog_reference, complete_jfrog_reference},
    {jfrog_api_key, "jfrog-api-key", kAdvisory, kStructure, holds_jfrog_api_key, as_it_is},
    {sentry_org, "sentry-org", kAdvisory, kStructure, holds_sentry_org, complete_sentry_org},
    {grafana_cloud, "grafana-cloud", kAdvisory, kStructure, holds_grafana_cloud, complete_grafana_cloud},
    {grafana_legacy, "grafana-legacy", kAdvisory, kStructure, holds_grafana_legacy, complete_grafana_legacy},
    {onepassword_account, "onepassword-account", kAdvisory, kStructure, holds_onepassword_account, complete_onepassword_account},
    {atlassian_dc, "atlassian-dc", kAdvisory, kStructure, holds_atlassian_dc, complete_atlassian_dc},
    {volcengine_key_id, "volcengine-key-id", kAdvisory, kStructure, holds_volcengine_key_id, complete_volcengine_key_id},
    {shopee_partner, "shopee-partner", kAdvisory, kStructure, holds_shopee_partner, complete_shopee_partner},
    {convex_deploy, "convex-deploy", kAdvisory, kStructure, holds_convex_deploy, as_it_is},
    {basic_auth, "basic-auth", kSure, kStructure, holds_basic_auth, complete_basic_auth},
    {fernet_key, "fernet-key", kAdvisory, kStructure, holds_fernet_key, complete_fernet_key},
    {fernet_token, "fernet-token", kAdvisory, kStructure, holds_fernet_token, complete_fernet_token},
    {wireguard_key, "wireguard-key", kAdvisory, kStructure, holds_wireguard_key, complete_wireguard_key},
    {uuid, "uuid", kAdvisory, kStructure, holds_uuid, complete_uuid},
    {openssh_key, "openssh-key", kAdvisory, kStructure, holds_openssh_key, complete_openssh_key},
    {pem_key, "pem-key", kAdvisory, kStructure, holds_pem_key, complete_pem_key},
    {putty_key, "putty-key", kAdvisory, kStructure, holds_putty_key, complete_putty_key},
};

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kRecipes); ++i)
    if (static_cast<size_t>(kRecipes[i].checksum) != i) return false;
  return true;
}
static_assert(in_order() && std::size(kRecipes) == static_cast<size_t>(kLastChecksum) + 1, "kRecipes is indexed by Checksum");

const Recipe& recipe(Checksum checksum) { return kRecipes[static_cast<size_t>(checksum)]; }

}  // namespace

Trust trust_of(Checksum checksum) { return recipe(checksum).trust; }

Evidence evidence_of(Checksum checksum) { return recipe(checksum).evidence; }

std::string_view name_of(Checksum checksum) { return recipe(checksum).name; }

std::optional<Checksum> parse_checksum(std::string_view name) {
  for (const Recipe& one : kRecipes)
    if (one.name == name) return one.checksum;
  return std::nullopt;
}

std::vector<std::string_view> checksum_names() {
  std::vector<std::string_view> names;
  for (const Recipe& one : kRecipes) names.push_back(one.name);
  return names;
}

bool checksum_holds(Checksum checksum, std::string_view token) { return recipe(checksum).holds(token); }

std::string checksum_complete(Checksum checksum, std::string_view prefix, std::string_view body) {
  return recipe(checksum).complete(prefix, body);
}

}  // namespace sealwarden
