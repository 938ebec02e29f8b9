// SPDX-License-Identifier: Apache-2.0
// What git itself says that a repository's objects are.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>

#include "git/objects.h"

namespace sealwarden {

constexpr std::string_view type_name(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return "commit";
    case ObjectType::tree:
      return "tree";
    case ObjectType::blob:
      return "blob";
    case ObjectType::tag:
      return "tag";
  }
  return "";
}

// Reads what git's batch mode prints, object by object.
class GitObjects {
 public:
  explicit GitObjects(const std::string& path)
      : pipe_(popen(("git -C '" + path + "' cat-file --batch-all-objects --batch").c_str(), "r")) {}
  GitObjects(const GitObjects&) = delete;
  GitObjects& operator=(const GitObjects&) = delete;
  ~GitObjects() { pclose(pipe_); }

  bool next() {
    char hex[41], type_text[8];
    size_t size = 0;
    if (std::fscanf(pipe_, "%40s %7s %zu", hex, type_text, &size) != 3) return false;
    id = ObjectId::from_hex(hex).value();
    type = type_text;
    std::string all(size + 2, '\0');  // with a line end on both sides
    if (std::fread(all.data(), 1, all.size(), pipe_) != all.size()) throw std::runtime_error("cat-file ended early");
    bytes = all.substr(1, size);
    return true;
  }

  ObjectId id;
  std::string type, bytes;

 private:
  FILE* pipe_;
};

}  // namespace sealwarden
