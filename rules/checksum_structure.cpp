// SPDX-License-Identifier: Apache-2.0
#include <simdjson.h>

#include <algorithm>
#include <initializer_list>

#include "rules/checksum_parts.h"
#include "rules/checksum_recipes.h"

namespace sealwarden {
namespace {

constexpr size_t kMostJson = 1 << 20;

// The members of a JSON object; empty for what is none. The parser keeps its memory from call to call, nothing else.
class JsonObject {
 public:
  explicit JsonObject(const std::string& text) {
    if (text.size() <= kMostJson) is_object_ = parser_.parse(text).get(object_) == simdjson::SUCCESS;
  }
  [[nodiscard]] bool has(std::initializer_list<std::string_view> names) const {
    return is_object_ && std::all_of(names.begin(), names.end(), [&](std::string_view name) {
             return object_.at_key(name).error() == simdjson::SUCCESS;
           });
  }
  // The member if it is a string.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const {
    std::string_view value;
    if (!is_object_ || object_.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
    return std::string(value);
  }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::object object_;
  bool is_object_ = false;
};

bool is_json_with(std::string_view base64, std::initializer_list<std::string_view> names) {
  const auto text = from_base64(base64);
  return text && JsonObject(*text).has(names);
}

// A JSON object of text members, in pairs of name and value. The values need no escapes.
std::string json_of(std::initializer_list<std::string_view> names_and_values) {
  std::string json = "{";
  const auto* end = names_and_values.end();
  for (const auto* one = names_and_values.begin(); one != end && one + 1 != end; one += 2)
    json += joined(json.size() > 1 ? ",\"" : "\"", *one, "\":\"", joined(*(one + 1), "\""));
  return json + "}";
}

std::string base64url_of(std::string_view bytes) { return to_base64(bytes, kBase64Url, false); }

constexpr size_t kAwsPrefix = 4, kAwsBody = 16;
constexpr uint64_t kMostAccounts = 1'000'000'000'000;

// What the second part of an algorithm's name promises: 256, 384, 512 or nothing known.
bool signature_fits(std::string_view algorithm, size_t bytes) {
  if (algorithm == "none") return bytes == 0;
  if (algorithm == "HS256") return bytes == 32;
  if (algorithm == "HS384") return bytes == 48;
  if (algorithm == "HS512") return bytes == 64;
  if (algorithm == "ES256" || algorithm == "ES256K") return bytes == 64;
  if (algorithm == "ES384") return bytes == 96;
  if (algorithm == "ES512") return bytes == 132;
  if (algorithm == "EdDSA") return bytes == 64 || bytes == 114;
  if (algorithm.starts_with("RS") || algorithm.starts_with("PS"))  // of 1024 to 8192 bits
    return bytes >= 128 && bytes <= 1024 && bytes % 8 == 0;
  return true;
}

// Reads a macaroon of version 2, packet by packet.
class MacaroonReader {
 public:
  explicit MacaroonReader(std::string_view bytes) : rest_(bytes) {}
  // 0 is the end of a section; nullopt where the bytes end too early or a length is absurd.
  std::optional<unsigned> next() {
    const auto kind = number();
    if (!kind || *kind == 0) return kind;
    const auto size = number();
    if (!size || *size > rest_.size()) return std::nullopt;
    data_ = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return kind;
  }
  [[nodiscard]] std::string_view data() const { return data_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  // A varint of at most three bytes: nothing here is longer.
  std::optional<unsigned> number() {
    unsigned value = 0;
    for (unsigned shift = 0; shift < 21 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_[0]);
      rest_.remove_prefix(1);
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }
  std::string_view rest_, data_;
};
constexpr unsigned kEnd = 0, kLocation = 1, kIdentifier = 2, kVerifier = 4, kSignature = 6;
constexpr size_t kSignatureBytes = 32;

// One section: an identifier, perhaps after a location and before a verifier, and the end.
bool reads_section(MacaroonReader& reader, std::optional<unsigned> kind) {
  if (kind == kLocation) kind = reader.next();
  if (kind != kIdentifier || reader.data().empty()) return false;
  kind = reader.next();
  if (kind == kVerifier) kind = reader.next();
  return kind == kEnd;
}

std::string packet(unsigned kind, std::string_view data) {  // of less than 128 bytes
  return joined(std::string(1, static_cast<char>(kind)), std::string(1, static_cast<char>(data.size())), data);
}

bool is_printable(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; }

constexpr size_t kKeyBytes = 32;
// Version, time, first block of the cipher, at least one block, HMAC.
constexpr size_t kFernetFixed = 1 + 8 + 16 + 32, kFernetBlock = 16;

constexpr size_t kUuidSize = 36;
constexpr std::string_view kJfrogStart = "reftkn:01:";

}  // namespace

// Ids since 2019 have their highest bit set and carry an account of twelve digits; older ones carry nothing.
bool holds_aws_key_id(std::string_view token) {
  if (token.size() != kAwsPrefix + kAwsBody) return false;
  const auto bytes = from_base32(token.substr(kAwsPrefix));
  if (!bytes) return false;
  uint64_t value = 0;
  for (const char c : bytes->substr(0, 6)) value = value << 8 | static_cast<unsigned char>(c);
  return value >> 47 == 0 || (value & 0x7fffffffff80U) >> 7 < kMostAccounts;
}
std::string complete_aws_key_id(std::string_view prefix, std::string_view body) {
  std::string token = joined(prefix, body);
  if (token.size() == kAwsPrefix + kAwsBody && !holds_aws_key_id(token)) token[kAwsPrefix] = 'Q';  // a small account
  return token;
}

bool holds_jwt(std::string_view token) {
  const size_t start = std::min(token.find("eyJ"), token.find("ewo"));  // {" or { and a line end
  if (start == std::string_view::npos) return false;
  token.remove_prefix(start);
  const auto outer = cut_at_last(token, '.');
  const auto inner = outer ? cut_at_last(outer->head, '.') : std::nullopt;
  if (!inner) return false;
  const auto header = from_base64(inner->head), signature = from_base64(outer->tail);
  if (!header || !signature || !is_json_with(inner->tail, {})) return false;
  const auto algorithm = JsonObject(*header).text("alg");
  return algorithm && signature_fits(*algorithm, signature->size());
}
std::string complete_jwt(std::string_view prefix, std::string_view body) {
  const std::string subject = to_hex(drawn_bytes(joined(body, "subject"), 8));
  const std::string claims = prefix.empty() ? json_of({"iss", "synthetic", "sub", subject}) : std::string(prefix);
  const std::string header = base64url_of(json_of({"alg", "HS256", "typ", "JWT"}));
  return joined(joined(header, "."), base64url_of(claims), ".", base64url_of(drawn_bytes(body, 32)));
}

// The signature is a keyed sum that nobody here can check; but what does not parse is no token.
bool holds_pypi_macaroon(std::string_view token) {
  if (!token.starts_with("pypi-")) return false;
  const auto bytes = from_base64(token.substr(5));
  if (!bytes || !bytes->starts_with('\x02')) return false;
  MacaroonReader reader(std::string_view(*bytes).substr(1));
  if (!reads_section(reader, reader.next())) return false;
  auto kind = reader.next();
  for (; kind && kind != kEnd; kind = reader.next())  // a caveat
    if (!reads_section(reader, kind)) return false;
  return kind == kEnd && reader.next() == kSignature && reader.data().size() == kSignatureBytes && reader.at_end();
}
std::string complete_pypi_macaroon(std::string_view prefix, std::string_view body) {
  const std::string domain = joined("pypi", ".org");
  const std::string location = prefix.starts_with("pypi-AgEN") ? joined("test.", domain) : domain;
  const std::string end(1, '\0');
  const std::string project = complete_uuid({}, joined(body, "project"));
  const std::string head = joined("\x02", packet(kLocation, location), packet(kIdentifier, complete_uuid({}, body)), end);
  const std::string caveat = joined(packet(kIdentifier, joined("[3,\"", project, "\"]")), end, end);
  return joined("pypi-", base64url_of(joined(head, caveat, packet(kSignature, drawn_bytes(body, kSignatureBytes)))));
}

bool holds_discord_bot(std::string_view token) {
  const auto outer = cut_at_last(token, '.');
  const auto inner = outer ? cut_at_last(outer->head, '.') : std::nullopt;
  const auto number = inner ? from_base64(inner->head) : std::nullopt;
  return number && number->size() >= 17 && number->size() <= 20 && all_of(*number, kDecimal) && inner->tail.size() == 6 &&
         outer->tail.size() >= 27 && outer->tail.size() <= 38 && all_of(inner->tail, kBase64Url) && all_of(outer->tail, kBase64Url);
}
std::string complete_discord_bot(std::string_view prefix, std::string_view body) {
  const std::string number = joined("1", drawn_text(body, kDecimal, 17));
  const std::string when = drawn_text(joined(body, "time"), kLettersDigits, 5);
  return joined(prefix, base64url_of(number), joined(".G", when, "."), body);
}

bool holds_jfrog_reference(std::string_view token) {
  const auto text = token.size() == 64 ? from_base64(token) : std::nullopt;
  constexpr size_t kExpiry = 10;
  return text && text->starts_with(kJfrogStart) && all_of(text->substr(kJfrogStart.size(), kExpiry), kDecimal) &&
         (*text)[kJfrogStart.size() + kExpiry] == ':';
}
std::string complete_jfrog_reference(std::string_view prefix, std::string_view body) {
  return joined(prefix, to_base64(joined(kJfrogStart, "1795219200:", body), kBase64, false));
}

bool holds_jfrog_api_key(std::string_view token) {
  const auto bytes = token.size() == 73 && token.starts_with("AKCp") ? from_base58(token) : std::nullopt;
  return bytes && bytes->size() == 54;
}

bool holds_sentry_org(std::string_view token) {
  if (!token.starts_with("sntrys_")) return false;
  const auto cut = cut_at_last(token.substr(7), '_');
  return cut && cut->tail.size() == 43 && from_base64(cut->tail) && is_json_with(cut->head, {"iat", "url", "region_url", "org"});
}
std::string complete_sentry_org(std::string_view prefix, std::string_view body) {
  const std::string json = joined("{\"iat\":1795219200.123456,", json_of({"url", "https://sentry.io", "region_url",
                                                                          "https://us.sentry.io", "org", "synthetic"}).substr(1));
  return joined(prefix, to_base64(json, kBase64, false), "_", body);
}

bool holds_grafana_cloud(std::string_view token) {
  return token.starts_with("glc_") && is_json_with(token.substr(4), {"o", "n", "k"});
}
std::string complete_grafana_cloud(std::string_view prefix, std::string_view body) {
  const std::string json = json_of({"o", "123456", "n", "synthetic", "k", body});
  return joined(prefix, to_base64(joined(json.substr(0, json.size() - 1), ",\"m\":{\"r\":\"us\"}}"), kBase64, false));
}

bool holds_grafana_legacy(std::string_view token) { return is_json_with(token, {"k", "n", "id"}); }
std::string complete_grafana_legacy(std::string_view prefix, std::string_view body) {
  const std::string json = json_of({"k", body, "n", "synthetic"});
  return joined(prefix, to_base64(joined(json.substr(0, json.size() - 1), ",\"id\":1}"), kBase64, false));
}

bool holds_onepassword_account(std::string_view token) {
  return token.starts_with("ops_") && is_json_with(token.substr(4), {"signInAddress", "userAuth", "secretKey"});
}
std::string complete_onepassword_account(std::string_view prefix, std::string_view body) {
  const std::string rest = json_of({"email", "x@1passwordserviceaccounts.com", "srpX", to_hex(drawn_bytes(body, 32)), "muk",
                                    base64url_of(drawn_bytes(joined(body, "muk"), 32)), "secretKey",
                                    joined("A3-", drawn_text(body, kBase32, 32)), "throttleSecret", body, "deviceUuid", "synthetic"});
  constexpr std::string_view kStart = "{\"signInAddress\":\"synthetic.1password.com\",\"userAuth\":{\"method\":\"SRPg-4096\"},";
  return joined(prefix, base64url_of(joined(kStart, rest.substr(1))));
}

bool holds_atlassian_dc(std::string_view token) {
  const auto bytes = token.size() == 44 ? from_base64(token) : std::nullopt;
  return bytes && bytes->size() == 33 && all_of(bytes->substr(0, 12), kDecimal) && (*bytes)[12] == ':';
}
std::string complete_atlassian_dc(std::string_view prefix, std::string_view body) {
  return joined(prefix, to_base64(joined(drawn_text(body, kDecimal, 12), ":", drawn_bytes(joined(body, "key"), 20))));
}

bool holds_volcengine_key_id(std::string_view token) {
  const auto text = token.size() == 47 && token.starts_with("AKLT") ? from_base64(token.substr(4)) : std::nullopt;
  return text && text->size() == 32 && all_of(*text, kHexLower);
}
std::string complete_volcengine_key_id(std::string_view prefix, std::string_view body) {
  return joined(prefix, to_base64(body, kBase64, false));
}

bool holds_shopee_partner(std::string_view token) {
  const auto text = token.size() == 64 && token.starts_with("shpk") ? from_hex(token.substr(4)) : std::nullopt;
  return text && all_of(*text, kLettersDigits.substr(0, 52));
}
std::string complete_shopee_partner(std::string_view prefix, std::string_view body) { return joined(prefix, to_hex(body)); }

// kind:name|01 and more hex digits, an even number in all.
bool holds_convex_deploy(std::string_view token) {
  const auto cut = cut_at_last(token, '|');
  if (!cut || cut->head.find(':') == std::string_view::npos || !cut->tail.starts_with("01")) return false;
  return cut->tail.size() >= 74 && cut->tail.size() <= 98 && cut->tail.size() % 2 == 0 && all_of(cut->tail, kHexLower);
}

bool holds_basic_auth(std::string_view token) {
  const auto text = from_base64(token);
  return text && text->find(':') != std::string::npos && std::all_of(text->begin(), text->end(), is_printable);
}
std::string complete_basic_auth(std::string_view prefix, std::string_view body) { return to_base64(joined(prefix, body)); }

bool holds_fernet_key(std::string_view token) {
  const auto bytes = token.size() == 44 ? from_base64(token) : std::nullopt;
  return bytes && bytes->size() == kKeyBytes;
}
std::string complete_fernet_key(std::string_view prefix, std::string_view body) {
  return joined(prefix, to_base64(drawn_bytes(body, kKeyBytes), kBase64Url));
}

bool holds_fernet_token(std::string_view token) {
  const auto bytes = from_base64(token);
  return bytes && bytes->size() >= kFernetFixed + kFernetBlock && (bytes->size() - kFernetFixed) % kFernetBlock == 0 &&
         bytes->starts_with(joined("\x80", std::string(3, '\0')));  // the time fits 40 bits
}
std::string complete_fernet_token(std::string_view prefix, std::string_view body) {
  const std::string time = joined(std::string(4, '\0'), "\x6b\x01\x80\x40");
  return joined(prefix, to_base64(joined("\x80", time, drawn_bytes(body, kFernetFixed - 9 + kFernetBlock)), kBase64Url));
}

bool holds_wireguard_key(std::string_view token) {
  const auto bytes = token.size() == 44 ? from_base64(token) : std::nullopt;
  return bytes && bytes->size() == kKeyBytes && (bytes->front() & 7) == 0 && (bytes->back() & 0xC0) == 0x40;
}
std::string complete_wireguard_key(std::string_view prefix, std::string_view body) {
  std::string bytes = drawn_bytes(body, kKeyBytes);
  bytes.front() = static_cast<char>(bytes.front() & 0xF8);
  bytes.back() = static_cast<char>((bytes.back() & 0x3F) | 0x40);
  return joined(prefix, to_base64(bytes));
}

bool holds_uuid(std::string_view token) {
  if (token.size() != kUuidSize) return false;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? token[i] != '-' : kDigitsUpperLower.find(token[i]) > 15 && kHexLower.find(token[i]) > 15) return false;
  }
  return token[14] >= '1' && token[14] <= '8' && std::string_view("89abAB").find(token[19]) != std::string_view::npos;
}
std::string complete_uuid(std::string_view prefix, std::string_view body) {
  std::string text = to_hex(drawn_bytes(body, 16));
  text[12] = '4';
  text[16] = 'a';
  for (const size_t at : {20, 16, 12, 8}) text.insert(at, 1, '-');
  return joined(prefix, text);
}

}  // namespace sealwarden
