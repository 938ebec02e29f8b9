// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/secret_value.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {
const Lexicon& lexicon() { return Lexicon::builtin(); }
}  // namespace

TEST_CASE("names that promise a secret", "[secret]") {
  for (const std::string name : {"password", "DB_PASSWORD", "dbPasswd", "pwd", "passphrase", "clientSecret", "client_secret", "API_KEY", "apiKey",
      "api-key", "accessKey",
                                 "SECRET_KEY", "secret_access_key", "private_key", "signingKey", "encryption_key", "authToken", "access_token",
                                     "GITHUB_TOKEN", "credentials",
                                 "connectionString", "master_key", "shared_key", "storage_key", "account_key", "sharedAccessKey", "adminPassword",
                                     "passcode"}) {
    INFO(name);
    CHECK(is_secret_name(lexicon(), name));
  }
  for (const std::string name : {"name", "secretName", "PASSWORD_FILE", "password_path", "tokenUrl", "token_endpoint", "secret_id_ttl",
      "passwordPolicy", "TOKENIZERS_PARALLELISM",
                                 "existingSecret", "secretKeyRef", "enablePassword", "usePassword", "public_key", "PUBLIC_KEY", "token_type",
                                     "passwordLength", "secretNamespace",
                                 "automountServiceAccountToken", "imagePullSecretsEnabled", "password_version", "tokenHeader", "secret_store",
                                     "secretProvider", "tokenIssuer",
                                 "bypass_cache", "tokenizer.json", "id-token", "SECRETS_DIR", "SECRET_NAME", "GOPRIVATE", "apiKeyFromSecret"}) {
    INFO(name);
    CHECK_FALSE(is_secret_name(lexicon(), name));
  }
}

TEST_CASE("values that say: put something here", "[secret]") {
  for (const std::string value : {"", "null", "true", "false", "xxx", "xxxxxxxx", "********", "......", "todo", "TBD", "none", "redacted",
      "replace-me", "replaceme", "your-password",
                                  "your_token", "my-secret", "example", "example123", "dummy", "sample", "placeholder", "insert-here", "string",
                                      "generate-me", "aaa", "password"}) {
    INFO(value);
    CHECK(is_placeholder_value(lexicon(), "password", value));
  }
  for (const std::string value : {"c0rrect-h0rse-9battery", "Tr0ub4dor", "s3cr3tPassw0rd!", "kettle7moss"}) {
    INFO(value);
    CHECK_FALSE(is_placeholder_value(lexicon(), "password", value));
  }
}

TEST_CASE("values that say where the secret is", "[secret]") {
  for (const std::string value : {"$DB_PASSWORD", "${DB_PASSWORD}", "%DB_PASSWORD%", "<password>", "{{ .Values.password }}", "!vault x",
      "/run/secrets/db", "vault:secret/data/db#password",
                                  "ref+awsssm://x", "arn:aws:secretsmanager:eu-west-1:1:secret:x", "op://vault/item/field",
                                      "projects/1/secrets/db/versions/latest", "secretsmanager:db",
                                  "ssm:/db/password", "gcpsm:db", "akv:db", "{cipher}abc", "encrypted:abc", "a${B}c", "$(cat x)", "#{x}", "<%= x %>",
                                  "pre-%s", "%s:%d", "%(password)s",
                                  "%swarm", "@/dev/stdin"}) {
    INFO(value);
    CHECK(is_reference_value(lexicon(), value));
  }
  for (const std::string value : {"c0rrect-h0rse-9battery", "kettle7moss", "a%b", "Pa5s%word", "k3ttle%down-hill"}) {
    INFO(value);
    CHECK_FALSE(is_reference_value(lexicon(), value));
  }
}

TEST_CASE("a default inside a reference is a literal", "[secret]") {
  CHECK(literal_default("${DB_PASSWORD:-hunter2}") == "hunter2");
  CHECK(literal_default("${DB_PASSWORD-hunter2}") == "hunter2");
  CHECK(literal_default("{{ .Values.password | default \"hunter2\" }}") == "hunter2");
  CHECK(literal_default("{{ default 'hunter2' .Values.password }}") == "hunter2");
  CHECK(literal_default("${DB_PASSWORD}").empty());
  CHECK(literal_default("{{ .Values.password }}").empty());
  CHECK(literal_default("plain-text").empty());
}

TEST_CASE("a private key within a text") {
  const std::string key = "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----";
  CHECK(private_key_in(key) == key);
  CHECK(private_key_in("cat > k <<EOF\n" + key + "\nEOF\n") == key);
  CHECK(private_key_in("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n" + key) == key);
  CHECK(private_key_in("x -----BEGIN PRIVATE KEY-----\nx") == "-----BEGIN PRIVATE KEY-----\nx");
  CHECK(private_key_in("-----BEGIN PUBLIC KEY-----\nPRIVATE KEY-----\n-----END PUBLIC KEY-----").empty());
  CHECK(private_key_in("-----BEGIN ").empty());
  CHECK(private_key_in("").empty());
}

TEST_CASE("name and value together", "[secret]") {
  const std::vector<std::pair<std::string, std::string>> found = {
      {"DB_PASSWORD", "c0rrect-h0rse-9battery"}, {"password", "kettle7moss"}, {"apiKey", "9f8e7d6c5b4a39281706"}, {"clientSecret", "Zm9vYmFyYmF6cXV4MTIz"},
  };
  for (const auto& [name, value] : found) {
    INFO(name + " " + value);
    CHECK(is_secret_literal(lexicon(), name, value));
  }
  const std::vector<std::pair<std::string, std::string>> passed = {
      {"DB_PASSWORD", "${DB_PASSWORD}"}, {"DB_PASSWORD", "changeme"},  {"DB_PASSWORD_FILE", "/run/secrets/db"}, {"secretName", "db-credentials"},
      {"password", "ENC[AES256_GCM,data:x]"}, {"password", "$ANSIBLE_VAULT;1.1;AES256"}, {"password", "The password of the user"}, {"tokenUrl",
          "https://h/token"},
      {"password", ""}, {"server-tokens", "false"}, {"MODE", "c0rrect-h0rse-9battery"},
  };
  for (const auto& [name, value] : passed) {
    INFO(name + " " + value);
    CHECK_FALSE(is_secret_literal(lexicon(), name, value));
  }
}

TEST_CASE("strength, encryption, first guesses", "[secret]") {
  CHECK(is_strong(lexicon(), "c0rrect-h0rse-9battery"));
  CHECK_FALSE(is_strong(lexicon(), "hunter2"));
  CHECK_FALSE(is_strong(lexicon(), "aabbaabbaabb"));
  CHECK_FALSE(is_strong(lexicon(), "production"));
  CHECK(is_encrypted_value("ENC[AES256_GCM,data:x]"));
  CHECK(is_encrypted_value("$ANSIBLE_VAULT;1.1;AES256"));
  CHECK_FALSE(is_encrypted_value("ENCRYPT"));
  for (const std::string value : {"admin", "changeme", "guest", "root", "postgres"}) CHECK(is_default_credential(lexicon(), value));
  CHECK_FALSE(is_default_credential(lexicon(), "c0rrect-h0rse-9battery"));
}
