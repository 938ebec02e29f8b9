// SPDX-License-Identifier: Apache-2.0
// Repositories made by git itself in a folder that goes with its object; fixed dates, nobody's configuration.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace sealwarden {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sealwarden-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
    path_ = std::filesystem::canonical(name).string();
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Writes a file below `folder`, with the folders above it.
inline void write_test_file(const std::string& file, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

inline std::vector<std::string> split_test_text(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

// A repository with a work tree. sh() runs a script in it with bash; a script that fails throws with its output.
class RepoBuilder {
 public:
  RepoBuilder() : RepoBuilder("repo") {}
  explicit RepoBuilder(const std::string& name) : path_(folder_.path() + "/" + name) {
    std::filesystem::create_directories(path_);
    sh("git init -q .");
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string beside(const std::string& name) const { return folder_.path() + "/" + name; }

  void write(const std::string& file, const std::string& content) const { write_test_file(path_ + "/" + file, content); }

  // What the script prints. Each call is a minute later than the one before.
  std::string sh(const std::string& script) {
    const std::string file = folder_.path() + "/.script", output = folder_.path() + "/.output";
    write_test_file(file, "set -eu\ncd '" + path_ + "'\n" + script + "\n");
    const std::string date = std::to_string(date_ += 60) + " +0000";
    const std::string command = "env -i PATH=\"$PATH\" HOME='" + folder_.path() + "' LC_ALL=C TZ=UTC" + kGitSettings +
                                " GIT_AUTHOR_DATE='" + date + "' GIT_COMMITTER_DATE='" + date + "' bash '" + file +
                                "' > '" + output + "' 2>&1 < /dev/null";
    const int status = std::system(command.c_str());
    std::ifstream in(output, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (status != 0) throw std::runtime_error("script failed: " + script + "\n" + text.str());
    return text.str();
  }
  // The same as lines.
  std::vector<std::string> lines(const std::string& script) { return split_test_text(sh(script), '\n'); }
  // The first line, for ids.
  std::string line(const std::string& script) {
    const std::vector<std::string> all = lines(script);
    return all.empty() ? std::string() : all.front();
  }
  // Commits the work tree as it stands; returns the id.
  std::string commit(const std::string& message = "change") {
    return line("git add -A && git commit -q --allow-empty -m '" + message + "' && git rev-parse HEAD");
  }

 private:
  static constexpr const char* kGitSettings =
      " GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_COUNT=5"
      " GIT_CONFIG_KEY_0=init.defaultBranch GIT_CONFIG_VALUE_0=main"
      " GIT_CONFIG_KEY_1=protocol.file.allow GIT_CONFIG_VALUE_1=always"
      " GIT_CONFIG_KEY_2=gc.auto GIT_CONFIG_VALUE_2=0"
      " GIT_CONFIG_KEY_3=core.quotePath GIT_CONFIG_VALUE_3=false"
      " GIT_CONFIG_KEY_4=advice.detachedHead GIT_CONFIG_VALUE_4=false"
      " GIT_AUTHOR_NAME=Author GIT_AUTHOR_EMAIL=author@example.org"
      " GIT_COMMITTER_NAME=Committer GIT_COMMITTER_EMAIL=committer@example.org";

  TempFolder folder_;
  std::string path_;
  long date_ = 1'700'000'000;
};

}  // namespace sealwarden
