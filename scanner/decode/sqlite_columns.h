// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// The names of a table's columns, in order, from its CREATE TABLE statement; those of at most 64 bytes, others are "". Says
// what it can of a statement that is damaged.
std::vector<std::string> sqlite_columns(Bytes statement);

}  // namespace sealwarden
