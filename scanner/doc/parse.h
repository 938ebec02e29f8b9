// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "scanner/doc/document.h"

namespace sealwarden {

// The format that a file is read in, by its path alone; nullopt: none of ours. "values.yaml", "Dockerfile.dev", ".env.prod".
std::optional<DocumentFormat> document_format(std::string_view path);

// Reads a file as documents. Total: any bytes may be passed; what is wrong is in `problems`, and never costs more than
// milliseconds per 64 KiB. `path` decides about template masking (Helm, Jinja, ERB); it may be empty. The result borrows
// `bytes`. Bytes in UTF-16 or UTF-32 (by their mark) are read too, spans being those of the file's bytes.
ParsedFile parse_document(DocumentFormat format, std::string_view path, Bytes bytes, const DocumentLimits& limits = {});

// The parsers, one a file. Each reads `into.bytes` (UTF-8 or Latin-1, perhaps with a mark) and fills `into`.
void parse_yaml(std::string_view path, ParsedFile& into, const DocumentLimits& limits);
void parse_json(ParsedFile& into, const DocumentLimits& limits);  // with comments, trailing commas and NDJSON
void parse_toml_document(ParsedFile& into, const DocumentLimits& limits);
void parse_ini(ParsedFile& into, const DocumentLimits& limits);   // and git-config
void parse_properties(ParsedFile& into, const DocumentLimits& limits);
void parse_dotenv(ParsedFile& into, const DocumentLimits& limits);
void parse_xml(ParsedFile& into, const DocumentLimits& limits);
void parse_hcl(ParsedFile& into, const DocumentLimits& limits);
void parse_dockerfile(ParsedFile& into, const DocumentLimits& limits);
void parse_nginx(ParsedFile& into, const DocumentLimits& limits);
void parse_markdown(ParsedFile& into, const DocumentLimits& limits);  // front matter, headings, lists, tables
void parse_lines(ParsedFile& into, const DocumentLimits& limits);     // line mode
void parse_source(ParsedFile& into, const DocumentLimits& limits);    // a sequence of the lines that are not blank, trimmed

}  // namespace sealwarden
