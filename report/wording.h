// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/base/finding.h"
#include "scanner/base/ledger.h"

namespace sealwarden {

// "2024-03-01T12:00:00Z"; nullopt for none and for dates outside the years 0 to 9999, which RFC 3339 cannot
// say.
std::optional<std::string> date_time(const std::optional<int64_t>& seconds);
std::string with_separators(uint64_t count);                 // "12,345"
std::string size_for_people(uint64_t bytes);                 // "1.2 GB"
std::string counted(uint64_t count, std::string_view noun);  // "1 blob", "12,345 blobs"
std::string short_id(const ObjectId& id);                    // 10 digits
std::optional<std::string> full_id(const std::optional<ObjectId>& id);

// The place that a reader should be led to: of the strongest reach, the first.
const Place& main_place(const Finding& finding);

// An example of the ledger as it is shown: a damaged archive may give thousands of bytes for a name, of which the first and the
// last tell enough. To be called with what the redactor left: half a secret would not be known as one.
std::string shortened(std::string example);

// What a person does about a row of the ledger, as a sentence.
std::string_view remedy(Skip reason);

}  // namespace sealwarden
