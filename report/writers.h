// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/redactor.h"
#include "report/report.h"

namespace sealwarden {

struct WriteOptions {
  bool show_secrets = false;  // text and JSON only
  bool colour = false;        // text only
  unsigned width = 100;       // text only: columns of the terminal
};

// Each turns a report into the whole content of a file. Pure; byte-identical for equal reports. Every string
// goes through the redactor.
std::string write_json(const Report&, const Redactor&, const WriteOptions&);  // schema 1, architecture.md §6
std::string write_sarif(const Report&, const Redactor&, const WriteOptions&);  // SARIF 2.1.0
std::string write_text(const Report&, const Redactor&, const WriteOptions&);   // for people

}  // namespace sealwarden
