// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>

#include "git/repository.h"
#include "git/work_tree.h"
#include "report/redactor.h"
#include "scanner/app/commands.h"
#include "scanner/app/run_scan.h"
#include "scanner/app/settings.h"
#include "scanner/app/tree_views.h"
#include "scanner/engine/blob_scanner.h"

namespace sealwarden {
namespace {

struct Spot {
  std::string file;
  uint32_t line = 0;
};

// "FILE:LINE", also with ":COLUMN" behind it, as reports and compilers print it.
std::optional<Spot> parse_spot(std::string_view text) {
  std::optional<uint32_t> line;
  for (int parts = 0; parts < 2; ++parts) {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon + 1 == text.size()) break;
    uint32_t number = 0;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number == 0) break;
    line = number;
    text = text.substr(0, colon);
  }
  if (!line || text.empty()) return std::nullopt;
  return Spot{std::string(text), *line};
}

Result<std::string> explanation(const Args& args) {
  const std::optional<Spot> spot = parse_spot(args.spot);
  if (!spot) return fail(Error::Kind::usage, "'" + args.spot + "' is no FILE:LINE; write the file, a colon and the line, as in deploy/api.yaml:12");
  Ledger ledger;
  TRY(const std::vector<FileRef> files, list_work_tree(spot->file, {.no_ignore = true}, ledger));
  if (files.size() != 1) return fail(Error::Kind::usage, spot->file + " is no file");
  const FileRef& file = files.front();
  FileLoader loader;
  TRY(const Bytes bytes, loader.load(file));
  const ConfigReader reader = current_folder_reader();
  TRY(const Settings settings, load_settings(args, &reader));
  std::vector<FileRef> others;
  if (Repository::is_inside(spot->file)) {
    TRY(const Repository repository, Repository::open(spot->file, false));
    if (repository.work_tree()) {
      TRY(others, list_work_tree(*repository.work_tree(), {}, ledger));
    }
  }
  const FolderView tree(others);
  BlobScanner::Worker scanner(*settings.rules);
  const std::vector<Hit>& hits = scanner.scan(bytes);
  return settings.policy->explain({.path = file.path, .bytes = bytes, .hits = hits, .tree = &tree}, spot->line);
}

}  // namespace

ExitCode explain_policy(const Args& args) {
  const Result<std::string> text = explanation(args);
  if (!text) return report_error(text.error());
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    std::cout << escape_for_terminal(line) << '\n';
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return ExitCode::clean;
}

}  // namespace sealwarden
