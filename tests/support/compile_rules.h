// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "rules/compiled_rules.h"
#include "tests/support/catch.h"

namespace sealwarden {

// The rules of a TOML text, and no shipped ones. Fails the test if they are at fault.
inline std::unique_ptr<CompiledRules> compile(const std::string& toml) {
  auto file = load_rule_file({"test.toml", toml});
  if (!file) FAIL(file.error().message);
  auto set = merge_rules({}, {std::move(*file)});
  if (!set) FAIL(set.error().message);
  auto rules = CompiledRules::make(std::move(*set), "");
  if (!rules) FAIL(rules.error().message);
  return std::move(*rules);
}

}  // namespace sealwarden
