// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden {

// Documents that are made of a text rather than read from a file, for nested conditions. `out` is empty before; it borrows `text`.

// scheme, user, password, host, port, path, query of a URL with "://" ("jdbc:" before the scheme is dropped). False: none.
bool url_document(std::string_view text, ParsedFile& out);
// One text as the root.
void text_document(std::string_view text, ParsedFile& out);

// Whether the roots' entries differ, in any node below, but for those whose keys match one of the globs `but`.
bool differs_outside(const ParsedFile& old, const ParsedFile& now, const std::vector<std::string>& but);

}  // namespace sealwarden
