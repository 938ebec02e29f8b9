// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "report/redactor.h"
#include "report/report.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

struct WriteOptions {
  bool show_secrets = false;  // text and JSON only
  bool colour = false;        // text only
  unsigned width = 100;       // text only: columns of the terminal
};

// Takes the next bytes of a file.
using Sink = std::function<void(Bytes)>;

// Each turns a report into the whole content of a file. Byte-identical for equal reports. Every string goes through the
// redactor. Long reports come in pieces, so that they are never in memory as a whole.
void write_json(const Report&, const Redactor&, const WriteOptions&, const Sink&);  // schema 1, architecture.md §6
// SARIF 2.1.0; never shows a secret. For readers with limits: at most 25,000 findings. Complete: all of them, and what rules found
// in order (Report::judged).
enum class SarifExtent : uint8_t { for_readers, complete };
void write_sarif(const Report&, const Redactor&, SarifExtent, const Sink&);
std::string write_text(const Report&, const Redactor&, const WriteOptions&);        // for people

}  // namespace sealwarden
