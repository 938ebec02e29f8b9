// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/codec_archive.h"
#include "rules/policy.h"

// The fields of policy.h, each once, for CodecWriter and CodecReader alike. Included by rule_codec.cpp.
namespace sealwarden {

template <class Archive, class Steps>
void step_fields(Archive& archive, Steps& steps) {
  archive.list(steps, [&](auto& step) {
    archive.nested([&] {
      archive.choice(step.kind, PathStep::Kind::resolver);
      text_fields(archive, step.names);
      archive.field(step.ignore_case);
      archive.field(step.is_glob);
      archive.field(step.index);
      archive.choice(step.compare, PathStep::Compare::matches);
      step_fields(archive, step.where);
      archive.field(step.operand);
    });
  });
}

template <class Archive, class T>
void path_fields(Archive& archive, T& path) {
  step_fields(archive, path.steps);
  archive.field(path.text);
}

template <class Archive, class Conditions>
void condition_fields(Archive& archive, Conditions& conditions);

template <class Archive, class T>
void node_test_fields(Archive& archive, T& test) {
  archive.choice(test.op, NodeTest::Op::resolver);
  archive.field(test.wanted);
  archive.field(test.ignore_case);
  text_fields(archive, test.texts);
  archive.field(test.number);
  path_fields(archive, test.path);
  condition_fields(archive, test.nested);
}

template <class Archive, class Conditions>
void condition_fields(Archive& archive, Conditions& conditions) {
  archive.list(conditions, [&](auto& condition) {
    archive.nested([&] {
      archive.choice(condition.kind, Condition::Kind::document);
      path_fields(archive, condition.path);
      archive.list(condition.tests, [&](auto& test) { node_test_fields(archive, test); });
      condition_fields(archive, condition.children);
      text_fields(archive, condition.names);
    });
  });
}

template <class Archive, class T>
void severity_case_fields(Archive& archive, T& one) {
  condition_fields(archive, one.when);
  archive.maybe(one.severity, [&](auto& severity) { archive.choice(severity, Severity::critical); });
  archive.maybe(one.confidence, [&](auto& confidence) { archive.choice(confidence, Confidence::high); });
  archive.maybe(one.result, [&](auto& result) { archive.choice(result, Finding::Kind::open); });
}

template <class Archive, class T>
void decisive_policy_fields(Archive& archive, T& part) {
  archive.choice(part.scope, PolicyPart::Scope::head);
  text_fields(archive, part.docs);
  text_fields(archive, part.not_docs);
  text_fields(archive, part.prefilter_all);
  text_fields(archive, part.prefilter_any);
  condition_fields(archive, part.where);
  archive.list(part.each, [&](auto& path) { path_fields(archive, path); });
  condition_fields(archive, part.when);
  path_fields(archive, part.at);
  archive.field(part.is_secret);
  archive.field(part.is_weighed);
  archive.list(part.severity_if, [&](auto& one) { severity_case_fields(archive, one); });
  archive.choice(part.result, Finding::Kind::open);
  archive.choice(part.on_unknown, PolicyPart::Unknown::fail);
  archive.field(part.line_mode);
  archive.field(part.is_general);
  text_fields(archive, part.if_any);
  text_fields(archive, part.same_folder);
  archive.field(part.or_ancestor);
  text_fields(archive, part.anywhere);
  archive.field(part.resolver);
  text_fields(archive, part.arguments);
}

template <class Archive, class T>
void prose_policy_fields(Archive& archive, T& part) {
  archive.field(part.message);
}

template <class Archive, class T>
void kind_fields(Archive& archive, T& kind) {
  archive.field(kind.name);
  text_fields(archive, kind.formats);
  glob_fields(archive, kind.paths);
  glob_fields(archive, kind.not_paths);
  condition_fields(archive, kind.require);
  path_fields(archive, kind.units);
  archive.list(kind.embedded, [&](auto& one) {
    path_fields(archive, one.path);
    archive.field(one.base64);
    archive.field(one.name);
  });
  archive.field(kind.identity);
}

// Without origins, which decide nothing.
template <class Archive, class T>
void vocabulary_fields(Archive& archive, T& words) {
  archive.list(words.kinds, [&](auto& kind) { kind_fields(archive, kind); });
  archive.list(words.lexicons, [&](auto& lexicon) {
    archive.field(lexicon.name);
    text_fields(archive, lexicon.one);
    archive.list(lexicon.sequences, [&](auto& sequence) { text_fields(archive, sequence); });
    text_fields(archive, lexicon.whole);
    text_fields(archive, lexicon.not_last);
    text_fields(archive, lexicon.not_first);
  });
  archive.list(words.classes, [&](auto& one) {
    archive.field(one.name);
    glob_fields(archive, one.paths);
  });
}

}  // namespace sealwarden
