// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sealwarden {

// The checks behind the names of rules/checksum.h, which is what everyone else uses. holds_...(token) and
// complete_...(prefix, body) keep the promises of checksum_holds() and checksum_complete().

// checksum_crc.cpp
bool holds_base62_body(std::string_view token);
std::string complete_base62_body(std::string_view prefix, std::string_view body);
bool holds_base62_all_sep(std::string_view token);
std::string complete_base62_all_sep(std::string_view prefix, std::string_view body);
bool holds_hex_body(std::string_view token);
std::string complete_hex_body(std::string_view prefix, std::string_view body);  // Sanctum's too
bool holds_hex_body_sep(std::string_view token);
std::string complete_hex_body_sep(std::string_view prefix, std::string_view body);
bool holds_hex_le_all(std::string_view token);
std::string complete_hex_le_all(std::string_view prefix, std::string_view body);
bool holds_hex_all(std::string_view token);
std::string complete_hex_all(std::string_view prefix, std::string_view body);
bool holds_base62l_all(std::string_view token);
std::string complete_base62l_all(std::string_view prefix, std::string_view body);
bool holds_base64_body(std::string_view token);
std::string complete_base64_body(std::string_view prefix, std::string_view body);
bool holds_crc32_any(std::string_view token);
bool holds_gitlab_routable(std::string_view token);
std::string complete_gitlab_routable(std::string_view prefix, std::string_view body);
bool holds_sanctum(std::string_view token);
bool holds_hex_pm(std::string_view token);
std::string complete_hex_pm(std::string_view prefix, std::string_view body);
bool holds_xata(std::string_view token);
std::string complete_xata(std::string_view prefix, std::string_view body);

// checksum_sum.cpp
bool holds_crates_io(std::string_view token);
std::string complete_crates_io(std::string_view prefix, std::string_view body);
bool holds_github_fine_grained(std::string_view token);
std::string complete_github_fine_grained(std::string_view prefix, std::string_view body);
bool holds_luhn(std::string_view token);
std::string complete_luhn(std::string_view prefix, std::string_view body);
bool holds_iban(std::string_view token);
std::string complete_iban(std::string_view prefix, std::string_view body);
bool holds_nats_nkey(std::string_view token);
std::string complete_nats_nkey(std::string_view prefix, std::string_view body);
bool holds_stellar_seed(std::string_view token);
std::string complete_stellar_seed(std::string_view prefix, std::string_view body);
bool holds_base58check(std::string_view token);
std::string complete_base58check(std::string_view prefix, std::string_view body);
bool holds_bech32(std::string_view token);
std::string complete_bech32(std::string_view prefix, std::string_view body);
bool holds_bip39(std::string_view token);
std::string complete_bip39(std::string_view prefix, std::string_view body);
bool holds_secp256k1_key(std::string_view token);
bool holds_solana_keypair(std::string_view token);
std::string complete_solana_keypair(std::string_view prefix, std::string_view body);

// checksum_azure.cpp
bool holds_azure_his_v1(std::string_view token);
std::string complete_azure_his_v1(std::string_view prefix, std::string_view body);
bool holds_azure_cask_v0(std::string_view token);
std::string complete_azure_cask_v0(std::string_view prefix, std::string_view body);
bool holds_azure_cask_v1(std::string_view token);
bool holds_azure_ad_8q(std::string_view token);
std::string complete_azure_ad_8q(std::string_view prefix, std::string_view body);
bool holds_azure_devops_legacy(std::string_view token);
std::string complete_azure_devops_legacy(std::string_view prefix, std::string_view body);

// checksum_structure.cpp
bool holds_aws_key_id(std::string_view token);
std::string complete_aws_key_id(std::string_view prefix, std::string_view body);
bool holds_jwt(std::string_view token);
std::string complete_jwt(std::string_view prefix, std::string_view body);
bool holds_pypi_macaroon(std::string_view token);
std::string complete_pypi_macaroon(std::string_view prefix, std::string_view body);
bool holds_discord_bot(std::string_view token);
std::string complete_discord_bot(std::string_view prefix, std::string_view body);
bool holds_jfrog_reference(std::string_view token);
std::string complete_jfrog_reference(std::string_view prefix, std::string_view body);
bool holds_jfrog_api_key(std::string_view token);
bool holds_sentry_org(std::string_view token);
std::string complete_sentry_org(std::string_view prefix, std::string_view body);
bool holds_grafana_cloud(std::string_view token);
std::string complete_grafana_cloud(std::string_view prefix, std::string_view body);
bool holds_grafana_legacy(std::string_view token);
std::string complete_grafana_legacy(std::string_view prefix, std::string_view body);
bool holds_onepassword_account(std::string_view token);
std::string complete_onepassword_account(std::string_view prefix, std::string_view body);
bool holds_atlassian_dc(std::string_view token);
std::string complete_atlassian_dc(std::string_view prefix, std::string_view body);
bool holds_volcengine_key_id(std::string_view token);
std::string complete_volcengine_key_id(std::string_view prefix, std::string_view body);
bool holds_shopee_partner(std::string_view token);
std::string complete_shopee_partner(std::string_view prefix, std::string_view body);
bool holds_convex_deploy(std::string_view token);
bool holds_basic_auth(std::string_view token);
std::string complete_basic_auth(std::string_view prefix, std::string_view body);
bool holds_fernet_key(std::string_view token);
std::string complete_fernet_key(std::string_view prefix, std::string_view body);
bool holds_fernet_token(std::string_view token);
std::string complete_fernet_token(std::string_view prefix, std::string_view body);
bool holds_wireguard_key(std::string_view token);
std::string complete_wireguard_key(std::string_view prefix, std::string_view body);
bool holds_uuid(std::string_view token);
std::string complete_uuid(std::string_view prefix, std::string_view body);

// checksum_key_file.cpp
bool holds_openpgp_crc24(std::string_view token);
std::string complete_openpgp_crc24(std::string_view prefix, std::string_view body);
bool holds_openssh_key(std::string_view token);
std::string complete_openssh_key(std::string_view prefix, std::string_view body);
bool holds_pem_key(std::string_view token);
std::string complete_pem_key(std::string_view prefix, std::string_view body);
bool holds_putty_key(std::string_view token);
std::string complete_putty_key(std::string_view prefix, std::string_view body);

}  // namespace sealwarden
