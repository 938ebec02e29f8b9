// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/yaml_problem.h"

namespace sealwarden {
namespace {

struct Wording {
  std::string_view problem, ours;  // a part of libyaml's words
};

constexpr Wording kWordings[] = {
    {"mapping values are not allowed", "a ':' where no value can begin: the line before is not finished, or the indentation is wrong"},
    {"mapping keys are not allowed", "a '?' where no key can begin"},
    {"block sequence entries are not allowed", "a '-' where no item can begin: indent it, or begin it on a line of its own"},
    {"cannot start any token", "a character that no YAML value can begin with"},
    {"unknown escape", "an unknown escape after a backslash"},
    {"hexdecimal", "an escape with too few hexadecimal digits"},
    {"invalid Unicode", "an escape that is no character"},
    {"a tab character", "a tab where blanks must indent"},
    {"undefined tag handle", "a tag whose handle no %TAG line explains"},
    {"tag", "a tag that is not well-formed"},
    {"expected key", "a key was expected here: the indentation fits no map around it"},
    {"'-' indicator", "an item with '-' was expected here: the indentation fits no sequence around it"},
    {"node content", "a value was expected here"},
    {"<document start>", "the document should end here: more than one value"},
    {"alphabetic or numeric", "a name was expected here"},
    {"whitespace or line break", "a blank was expected here"},
    {"chomping", "a wrong sign after '|' or '>'"},
    {"indentation indicator", "a wrong indentation number after '|' or '>'"},
    {"comment or line break", "the line should end here"},
    {"directive", "a directive that is not well-formed"},
    {"%", "a directive that is not well-formed"},
    {"version", "a directive that is not well-formed"},
    {"incompatible", "a version of YAML that is not known"},
};

}  // namespace

YamlSentence yaml_sentence(std::string_view context, std::string_view problem, bool at_end) {
  const auto has = [](std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (has(context, "quoted scalar") && (has(problem, "end of stream") || has(problem, "document indicator")))
    return {"a quoted text that does not end", true};
  if (has(problem, "expected ':'")) return {"a line that is neither a key with ':' nor a part of the text before it", true};
  if (has(problem, "',' or ']'")) return at_end ? YamlSentence{"a '[' without its ']'", true} : YamlSentence{"',' or ']' was expected here", false};
  if (has(problem, "',' or '}'")) return at_end ? YamlSentence{"a '{' without its '}'", true} : YamlSentence{"',' or '}' was expected here", false};
  for (const Wording& wording : kWordings)
    if (has(problem, wording.problem)) return {std::string(wording.ours), false};
  return {"not valid YAML here", false};
}

}  // namespace sealwarden
