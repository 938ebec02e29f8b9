// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/parse.h"

#include <algorithm>
#include <string>

#include "scanner/doc/adopt.h"
#include "scanner/doc/wide_text.h"
#include "scanner/doc/ini.h"
#include "scanner/doc/lines.h"

namespace sealwarden {
namespace {

constexpr size_t kLargestFile = size_t{32} << 20;
constexpr size_t kLargestPointer = 1024;  // as git-lfs has it

// A file that is not read at all, and why.
void fail(ParsedFile& file, DocumentProblem::Kind kind, std::string what) {
  const Span all{0, static_cast<uint32_t>(std::min<size_t>(file.bytes.size(), UINT32_MAX))};
  file.problems.push_back({kind, all, std::move(what)});
  file.documents.push_back({.state = DocumentState::failed, .span = all});
}

void parse_as(DocumentFormat format, std::string_view path, ParsedFile& into, const DocumentLimits& limits) {
  switch (format) {
    case DocumentFormat::yaml: return parse_yaml(path, into, limits);
    case DocumentFormat::json: return parse_json(into, limits);
    case DocumentFormat::toml: return parse_toml_document(into, limits);
    case DocumentFormat::ini: return parse_ini_dialect(into, limits, ini_dialect_of(path).value_or(ini_dialect_of_text(into.bytes)));
    case DocumentFormat::properties: return parse_properties(into, limits);
    case DocumentFormat::dotenv: return parse_dotenv(into, limits);
    case DocumentFormat::xml: return parse_xml(into, limits);
    case DocumentFormat::hcl: return parse_hcl(into, limits);
    case DocumentFormat::dockerfile: return parse_dockerfile(into, limits);
    case DocumentFormat::nginx: return parse_nginx(into, limits);
    case DocumentFormat::markdown: return parse_markdown(into, limits);
    case DocumentFormat::lines: return parse_lines(into, limits);
    case DocumentFormat::source: return parse_source(into, limits);
  }
}

// Documents of which the parser made nothing are read in line mode, each for itself, up to the next one: what they end with is
// where the parser gave up.
void read_failed_as_lines(ParsedFile& file, const DocumentLimits& limits) {
  const size_t count = file.documents.size();
  for (size_t i = 0; i < count; ++i) {
    if (file.documents[i].state != DocumentState::failed) continue;
    const auto end = i + 1 < count ? file.documents[i + 1].span.begin : static_cast<uint32_t>(file.bytes.size());
    parse_lines_of(file, {file.documents[i].span.begin, std::max(end, file.documents[i].span.end)}, limits);
    const Document read = file.documents.back();
    file.documents.pop_back();
    if (read.root != kNoDocumentNode) file.documents[i] = read;
  }
}

void sort_by_position(ParsedFile& file) {
  std::stable_sort(file.problems.begin(), file.problems.end(),
                   [](const DocumentProblem& a, const DocumentProblem& b) { return a.at.begin < b.at.begin; });
  std::stable_sort(file.comments.begin(), file.comments.end(),
                   [](const DocumentComment& a, const DocumentComment& b) { return a.span.begin < b.span.begin; });
}

void parse_utf8(ParsedFile& file, std::string_view path, const DocumentLimits& limits) {
  parse_as(file.format, path, file, limits);
  if (file.format != DocumentFormat::lines && file.format != DocumentFormat::markdown) read_failed_as_lines(file, limits);
  sort_by_position(file);
}

void parse_into(ParsedFile& file, std::string_view path, const DocumentLimits& limits) {
  const Bytes bytes = file.bytes;
  if (bytes.size() > kLargestFile)
    return fail(file, DocumentProblem::Kind::budget, "the file is larger than " + std::to_string(kLargestFile >> 20) + " MiB");
  if (bytes.size() < kLargestPointer && bytes.starts_with("version https://git-lfs.github.com/spec/"))
    return fail(file, DocumentProblem::Kind::encoding, "a Git LFS pointer stands in the place of the file");
  const WideForm form = form_of_wide_text(bytes);
  if (form == WideForm::none) return parse_utf8(file, path, limits);
  WideText wide(form, bytes);
  const Bytes text = file.part_strings.emplace_back().emplace_back(wide.take_text());  // parsers may clear `strings`
  file.bytes = text;
  parse_utf8(file, path, limits);
  file.bytes = bytes;
  move_spans(file, [&](Span span) { return Span{wide.original(text, span.begin), wide.original(text, span.end)}; });
  if (!wide.is_damaged()) return;
  file.problems.push_back({DocumentProblem::Kind::encoding, {0, static_cast<uint32_t>(bytes.size())}, "the text has broken wide characters"});
  sort_by_position(file);
}

}  // namespace

ParsedFile parse_document(DocumentFormat format, std::string_view path, Bytes bytes, const DocumentLimits& limits) {
  ParsedFile file;
  file.format = format;
  file.bytes = bytes;
  parse_into(file, path, limits);
  return file;
}

}  // namespace sealwarden
