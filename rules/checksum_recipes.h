// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sealwarden {

// The checks behind the names of rules/checksum.h, which is what everyone else uses. holds_...(token) and
// complete_...(prefix, body) keep the promises of checksum_holds() and checksum_complete().
using Holds = bool(std::string_view token);
using Complete = std::string(std::string_view prefix, std::string_view body);

// checksum_crc.cpp
Holds holds_base62_body, holds_base62_all_sep, holds_hex_body, holds_hex_body_sep, holds_hex_le_all, holds_hex_all,
    holds_base62l_all, holds_base64_body, holds_crc32_any, holds_gitlab_routable, holds_sanctum, holds_hex_pm,
    holds_xata;
Complete complete_base62_body, complete_base62_all_sep, complete_hex_body, complete_hex_body_sep, complete_hex_le_all,
    complete_hex_all, complete_base62l_all, complete_base64_body, complete_gitlab_routable, complete_hex_pm,
    complete_xata;

// checksum_sum.cpp
Holds holds_crates_io, holds_github_fine_grained, holds_luhn, holds_iban, holds_nats_nkey, holds_stellar_seed,
    holds_base58check, holds_bech32, holds_bip39, holds_secp256k1_key, holds_solana_keypair;
Complete complete_crates_io, complete_github_fine_grained, complete_luhn, complete_iban, complete_nats_nkey,
    complete_stellar_seed, complete_base58check, complete_bech32, complete_bip39, complete_solana_keypair;

// checksum_azure.cpp
Holds holds_azure_his_v1, holds_azure_cask_v0, holds_azure_cask_v1, holds_azure_ad_8q, holds_azure_devops_legacy;
Complete complete_azure_his_v1, complete_azure_cask_v0, complete_azure_ad_8q, complete_azure_devops_legacy;

// checksum_structure.cpp
Holds holds_aws_key_id, holds_jwt, holds_pypi_macaroon, holds_discord_bot, holds_jfrog_reference, holds_jfrog_api_key,
    holds_sentry_org, holds_grafana_cloud, holds_grafana_legacy, holds_onepassword_account, holds_atlassian_dc,
    holds_volcengine_key_id, holds_shopee_partner, holds_convex_deploy, holds_basic_auth, holds_fernet_key,
    holds_fernet_token, holds_wireguard_key, holds_uuid;
Complete complete_aws_key_id, complete_jwt, complete_pypi_macaroon, complete_discord_bot, complete_jfrog_reference,
    complete_sentry_org, complete_grafana_cloud, complete_grafana_legacy, complete_onepassword_account,
    complete_atlassian_dc, complete_volcengine_key_id, complete_shopee_partner, complete_basic_auth,
    complete_fernet_key, complete_fernet_token, complete_wireguard_key, complete_uuid;

// checksum_key_file.cpp
Holds holds_openpgp_crc24, holds_openssh_key, holds_pem_key, holds_putty_key;
Complete complete_openpgp_crc24, complete_openssh_key, complete_pem_key, complete_putty_key;

}  // namespace sealwarden
