// SPDX-License-Identifier: Apache-2.0
// Writes one configuration in several formats, each in ways of its own that a seeded generator chooses.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/base/ascii.h"

namespace sealwarden::testing {

// A value of a configuration: a map or list if it has entries, else a text, number or boolean.
struct Value {
  enum class Kind : uint8_t { map, list, text, bare } kind = Kind::text;
  std::string text;                                    // bare: a number or boolean
  std::vector<std::pair<std::string, Value>> entries;  // of a list, without keys
};

using Random = std::mt19937;

inline uint32_t below(Random& random, uint32_t limit) { return static_cast<uint32_t>(random() % limit); }

inline std::string hex4(unsigned char c) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  return {'0', '0', kDigits[c >> 4], kDigits[c & 15]};
}

// A string of JSON, which is one of YAML, TOML and HCL ("${" does not occur).
inline std::string quoted(Random& random, std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += std::string{'\\', c};
    else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x80 && below(random, 20) == 0) out += "\\u" + hex4(static_cast<unsigned char>(c));
    else out += c;
  }
  return out + "\"";
}

inline std::string scalar(Random& random, const Value& value) { return value.kind == Value::Kind::bare ? value.text : quoted(random, value.text); }

inline std::string indent(size_t depth) { return std::string(depth * 2, ' '); }

inline std::string json(Random& random, const Value& value) {
  if (value.kind == Value::Kind::text || value.kind == Value::Kind::bare) return scalar(random, value);
  const bool is_list = value.kind == Value::Kind::list;
  std::string out = is_list ? "[" : "{";
  for (const auto& [key, entry] : value.entries) {
    if (out.size() > 1) out += below(random, 2) == 0 ? "," : ",\n ";
    out += (is_list ? "" : "\"" + key + "\": ") + json(random, entry);
  }
  return out + (is_list ? "]" : "}");
}

inline bool is_plain_yaml(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.") == std::string_view::npos;
}

inline std::string yaml_scalar(Random& random, const Value& value, size_t depth) {
  if (value.kind == Value::Kind::bare) return value.text;
  const std::string& text = value.text;
  const bool is_line = text.find('\n') == std::string::npos;
  const uint32_t style = below(random, 4);
  if (style == 0 && is_plain_yaml(text)) return text;
  if (style == 1 && is_line && text.find('\t') == std::string::npos) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
    return out + "'";
  }
  if (style == 2 && !text.empty() && text[0] != '\n' && text[0] != '\t' && text[0] != ' ' && text.find('\t') == std::string::npos) {
    std::string out = "|-\n" + indent(depth + 1);
    if (text.back() == '\n') return quoted(random, text);
    for (const char c : text) out += c == '\n' ? "\n" + indent(depth + 1) : std::string(1, c);
    return out;
  }
  return quoted(random, text);
}

inline void yaml(Random& random, const Value& value, size_t depth, std::string& out) {
  for (const auto& [key, entry] : value.entries) {
    out += indent(depth) + (value.kind == Value::Kind::list ? "-" : key + ":");
    if (entry.kind == Value::Kind::map || entry.kind == Value::Kind::list) {
      out += "\n";
      yaml(random, entry, depth + 1, out);
    } else {
      out += " " + yaml_scalar(random, entry, depth) + "\n";
    }
  }
}

inline void properties(Random& random, const Value& value, const std::string& path, std::string& out) {
  if (value.kind == Value::Kind::text || value.kind == Value::Kind::bare) {
    out += path + (below(random, 2) == 0 ? "=" : " = ");
    bool is_first = true;
    for (const char c : value.text) {
      if (c == '\\' || c == '#' || c == '!' || c == ':' || c == '=') out += std::string{'\\', c};
      else if (c == '\n') out += "\\n";
      else if (c == '\t') out += "\\t";
      else if (c == ' ' && is_first) out += "\\ ";
      else if (static_cast<unsigned char>(c) < 0x80 && below(random, 20) == 0) out += "\\u" + hex4(static_cast<unsigned char>(c));
      else out += c;
      is_first = false;
      if (static_cast<unsigned char>(c) < 0x80 && c != ' ' && below(random, 30) == 0) {  // goes on in the next line, whose blanks count for nothing
        out += "\\\n   ";
        is_first = true;
      }
    }
    out += "\n";
  }
  for (size_t i = 0; i < value.entries.size(); ++i)
    properties(random, value.entries[i].second,
               value.kind == Value::Kind::list ? path + "[" + std::to_string(i) + "]" : path + (path.empty() ? "" : ".") + value.entries[i].first, out);
}

inline std::string xml_text(Random& random, std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '&') out += "&amp;";
    else if (static_cast<unsigned char>(c) < 0x80 && below(random, 20) == 0) out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else out += c;
  }
  return out;
}

inline void xml(Random& random, const Value& value, const std::string& name, std::string& out) {
  if (value.kind == Value::Kind::list) {
    for (const auto& entry : value.entries) xml(random, entry.second, name, out);
    return;
  }
  out += "<" + name + ">" + xml_text(random, value.text);
  for (const auto& [key, entry] : value.entries) xml(random, entry, key, out);
  out += "</" + name + ">";
}

inline void toml(Random& random, const Value& map, const std::string& path, std::string& out) {
  for (const auto& [key, entry] : map.entries)
    if (entry.kind != Value::Kind::map) out += key + " = " + json(random, entry) + "\n";
  for (const auto& [key, entry] : map.entries) {
    if (entry.kind != Value::Kind::map) continue;
    const std::string below_path = path + (path.empty() ? "" : ".") + key;
    out += "[" + below_path + "]\n";
    toml(random, entry, below_path, out);
  }
}

inline void hcl(Random& random, const Value& map, size_t depth, std::string& out) {
  for (const auto& [key, entry] : map.entries) {
    out += indent(depth) + key;
    if (entry.kind == Value::Kind::map) {
      out += " {\n";
      hcl(random, entry, depth + 1, out);
      out += indent(depth) + "}\n";
    } else if (entry.kind == Value::Kind::list) {
      out += " = [";
      for (const auto& item : entry.entries) out += scalar(random, item.second) + ", ";
      out += "]\n";
    } else {
      out += " = " + scalar(random, entry) + "\n";
    }
  }
}

inline std::string dotenv(Random& random, const Value& map) {
  std::string out;
  for (const auto& [key, entry] : map.entries) {
    std::string text;
    for (const char c : entry.text)
      text += c == '"' || c == '\\' ? std::string{'\\', c} : c == '\n' && below(random, 2) == 0 ? "\\n" : c == '\t' ? "\\t" : std::string(1, c);
    out += (below(random, 4) == 0 ? "export " : "") + key + "=\"" + text + "\"\n";
  }
  return out;
}

// XML trims texts; a text of blanks alone is empty.
inline void trim_texts(Value& value) {
  while (!value.text.empty() && is_space(value.text.front())) value.text.erase(0, 1);
  while (!value.text.empty() && is_space(value.text.back())) value.text.pop_back();
  for (auto& entry : value.entries) trim_texts(entry.second);
}

}  // namespace sealwarden::testing
