// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_flaw.h"

namespace {

using namespace sealwarden;

struct Read {
  std::string bytes;
  ParsedFile file;
  explicit Read(std::string text) : bytes(std::move(text)) {
    file.format = DocumentFormat::dockerfile;
    file.bytes = bytes;
    parse_dockerfile(file, {});
    CHECK(testing::find_flaw(file) == "");
  }
  [[nodiscard]] std::string tree() const { return testing::dump(file, {.types = true}); }
  [[nodiscard]] std::string problems() const { return testing::dump_problems(file); }
};

// The lines of the first stage's instruction, without those of its value and form.
std::string instruction(const std::string& text) {
  const Read read("FROM a\n" + text);
  CHECK(read.problems() == "");
  const std::string prefix = "stages[0].instructions[0].";
  std::string lines;
  for (size_t at = 0, end = 0; at < read.tree().size(); at = end + 1) {
    end = read.tree().find('\n', at);
    const std::string line = read.tree().substr(at, end - at + 1);
    if (line.rfind(prefix, 0) == 0) lines += line.substr(prefix.size());
  }
  return lines;
}

}  // namespace

TEST_CASE("Dockerfile: stages, their names, bases and platforms", "[dockerfile]") {
  const Read read("# syntax=docker/dockerfile:1\n\nARG VERSION=3.1 REGISTRY\nfrom --platform=$BUILDPLATFORM alpine:${VERSION} as Build\nRUN a\n"
                  "FROM scratch\nCOPY --from=build /a /b\n");
  CHECK(read.problems() == "");
  CHECK(read.tree() ==
        "args.VERSION = text 3.1\nargs.REGISTRY = null \n"
        "stages[0].name = text Build\nstages[0].base = expression alpine:${VERSION}\nstages[0].platform = expression $BUILDPLATFORM\n"
        "stages[0].instructions[0].op = text RUN\nstages[0].instructions[0].value = text a\nstages[0].instructions[0].form = text shell\n"
        "stages[1].base = text scratch\nstages[1].instructions[0].op = text COPY\nstages[1].instructions[0].value = text /a /b\n"
        "stages[1].instructions[0].form = text shell\nstages[1].instructions[0].flags.from = text build\n"
        "stages[1].instructions[0].arguments[0] = text /a\nstages[1].instructions[0].arguments[1] = text /b\n");
  CHECK(read.file.documents[0].state == DocumentState::parsed);
  REQUIRE(read.file.comments.size() == 1);
  CHECK((read.file.comments[0].span == Span{0, 28}));
}

TEST_CASE("Dockerfile: names and values of ENV, ARG and LABEL", "[dockerfile]") {
  CHECK(instruction("ENV A=1 B=\"two words\" C='$X' D=$X E=a=b=c F=a\\ b G=") ==
        "op = text ENV\nvalue = expression A=1 B=\"two words\" C='$X' D=$X E=a=b=c F=a\\\\ b G=\n"
        "pairs.A = text 1\npairs.B = text two words\npairs.C = text $X\npairs.D = expression $X\npairs.E = text a=b=c\npairs.F = text a b\npairs.G = text \n");
  CHECK(instruction("env name a value  with blanks=1") ==
        "op = text ENV\nvalue = text name a value  with blanks=1\npairs.name = text a value  with blanks=1\n");
  CHECK(instruction("ENV a=\"x\\\"y\\z\" b=\\$HOME c=\"\\$d\" e=\"pre-${F:-g}\"") ==
        "op = text ENV\nvalue = expression a=\"x\\\\\"y\\\\z\" b=\\\\$HOME c=\"\\\\$d\" e=\"pre-${F:-g}\"\n"
        "pairs.a = text x\"y\\\\z\npairs.b = text $HOME\npairs.c = text $d\npairs.e = expression pre-${F:-g}\n");
  CHECK(instruction("LABEL \"com.x\"=\"y\" z=1") ==
      "op = text LABEL\nvalue = text \"com.x\"=\"y\" z=1\npairs.com.x = text y\npairs.z = text 1\n");
  CHECK(instruction("ARG A B=c0rrect-h0rse=9battery") ==
      "op = text ARG\nvalue = text A B=c0rrect-h0rse=9battery\npairs.A = null \npairs.B = text c0rrect-h0rse=9battery\n");
}

TEST_CASE("Dockerfile: an instruction goes on over comments and empty lines", "[dockerfile]") {
  CHECK(instruction("ENV A=1 \\\n# a comment\n\n  B=2 \\  \n   # another\n  C=3\nENV Q=1") ==
        "op = text ENV\nvalue = text A=1   B=2   C=3\npairs.A = text 1\npairs.B = text 2\npairs.C = text 3\n");
  CHECK(instruction("RUN a && \\\r\n  b\r\n") == "op = text RUN\nvalue = text a &&   b\nform = text shell\n");
  CHECK(instruction("RUN echo a\\\\\nCMD b") == "op = text RUN\nvalue = text echo a\\\\\\\\\nform = text shell\n");
  CHECK(instruction("RUN a \\") == "op = text RUN\nvalue = text a\nform = text shell\n");
  const Read windows("# escape=`\nFROM a\nCOPY a C:\\\nRUN a `\n b\n");
  CHECK(windows.problems() == "");
  CHECK(windows.tree().find("arguments[1] = text C:\\\\\n") != std::string::npos);
  CHECK(windows.tree().find("value = text a  b\n") != std::string::npos);
}

TEST_CASE("Dockerfile: spans of values that lie on several lines", "[dockerfile]") {
  const Read read("FROM a\nENV A=\"one \\\n# c\n two\" B=three\\\nfour\n");
  const ParsedFile& file = read.file;
  std::string shown;
  for (const DocumentNode& node : file.nodes)
    if (node.key == "A" || node.key == "B") shown += std::string(node.text) + "|" + std::string(file.bytes.substr(node.span.begin,
        node.span.end - node.span.begin)) + "\n";
  CHECK(shown == "one  two|\"one \\\n# c\n two\"\nthreefour|three\\\nfour\n");
}

TEST_CASE("Dockerfile: heredocs", "[dockerfile]") {
  CHECK(instruction("RUN <<EOF\necho a\n# no comment\nEOF\nCMD a") ==
        "op = text RUN\nvalue = text <<EOF\nform = text heredoc\nheredocs[0] = text echo a\\n# no comment\\n\n");
  CHECK(instruction("COPY <<\"A\" <<-B /dst/\n$x\nA\n\ttab ${y}\n\t\tB\n") ==
        "op = text COPY\nvalue = text <<\"A\" <<-B /dst/\nform = text heredoc\narguments[0] = text <<A\narguments[1] = text <<-B\n"
        "arguments[2] = text /dst/\nheredocs[0] = text $x\\n\nheredocs[1] = expression \\ttab ${y}\\n\n");
  CHECK(instruction("RUN <<-'E' cat > /x\n\ta\n\t\tb\n\tE\n") ==
        "op = text RUN\nvalue = text <<-'E' cat > /x\nform = text heredoc\nheredocs[0] = text a\\nb\\n\n");
  CHECK(instruction("RUN python3 - << EOF\r\nx\r\nEOF\r\n") ==
        "op = text RUN\nvalue = text python3 - << EOF\nform = text heredoc\nheredocs[0] = text x\\r\\n\n");
  CHECK(instruction("RUN echo $((1 << 2)) \"<<EOF\" <<<word a<<b") ==
        "op = text RUN\nvalue = text echo $((1 << 2)) \"<<EOF\" <<<word a<<b\nform = text shell\n");
  const Read open("FROM a\nRUN <<EOF\nRUN b\n");
  CHECK(open.problems() == "syntax 7-16 a heredoc does not end\n");
  CHECK(open.tree().find("instructions[1].value = text b\n") != std::string::npos);
}

TEST_CASE("Dockerfile: the exec form, or what only looks like it", "[dockerfile]") {
  CHECK(instruction("CMD [\"a\", \"b\\u0041\\\"\" ]") ==
        "op = text CMD\nvalue = text [\"a\", \"b\\\\u0041\\\\\"\" ]\nform = text exec\narguments[0] = text a\narguments[1] = text bA\"\n");
  CHECK(instruction("ENTRYPOINT ['a']") == "op = text ENTRYPOINT\nvalue = text ['a']\nform = text shell\n");
  CHECK(instruction("RUN [ -f x ] || exit 1") == "op = text RUN\nvalue = text [ -f x ] || exit 1\nform = text shell\n");
  CHECK(instruction("HEALTHCHECK --interval=5s --retries=3 CMD [\"curl\"]") ==
        "op = text HEALTHCHECK\nvalue = text CMD [\"curl\"]\nform = text exec\nflags.interval = text 5s\nflags.retries = text 3\narguments[0] = text curl\n");
  CHECK(instruction("HEALTHCHECK NONE") == "op = text HEALTHCHECK\nvalue = text NONE\n");
  CHECK(instruction("COPY --chown=a:b [\"a b\", \"$D\"]") ==
        "op = text COPY\nvalue = expression [\"a b\", \"$D\"]\nform = text exec\nflags.chown = text a:b\n"
        "arguments[0] = text a b\narguments[1] = expression $D\n");
}

TEST_CASE("Dockerfile: flags, ONBUILD, and the rest", "[dockerfile]") {
  CHECK(instruction("RUN --mount=type=secret,id=a --mount=type=cache,target=/x --network=none make") ==
        "op = text RUN\nvalue = text make\nform = text shell\nflags.mount[0] = text type=secret,id=a\n"
        "flags.mount[1] = text type=cache,target=/x\nflags.network = text none\n");
  CHECK(instruction("COPY --link a b") ==
      "op = text COPY\nvalue = text a b\nform = text shell\nflags.link = boolean true\narguments[0] = text a\narguments[1] = text b\n");
  CHECK(instruction("onbuild env A=1") == "op = text ONBUILD\ninner = text ENV\nvalue = text A=1\npairs.A = text 1\n");
  CHECK(instruction("EXPOSE 22 80/tcp") ==
      "op = text EXPOSE\nvalue = text 22 80/tcp\narguments[0] = text 22\narguments[1] = text 80/tcp\n");
  CHECK(instruction("USER nobody") == "op = text USER\nvalue = text nobody\n");
  CHECK(instruction("RUN echo $HOME") == "op = text RUN\nvalue = text echo $HOME\nform = text shell\n");
  CHECK(instruction("WORKDIR $HOME") == "op = text WORKDIR\nvalue = expression $HOME\n");
}

TEST_CASE("Dockerfile: templates of Dockerfiles", "[dockerfile]") {
  const Read read("{{/* made from a template */}}\nFROM {{ .Base | quote }}:<%= tag %>-slim AS build\n{% if debug %}\nUSER root\n  {%- endif %}\nRUN a\n");
  CHECK(read.problems() == "");
  CHECK(read.tree().find("stages[0].name = text build\nstages[0].base = text {{ .Base | quote }}:<%= tag %>-slim\n") != std::string::npos);
  CHECK(read.tree().find("stages[0].instructions[1].value = text a\n") != std::string::npos);
  CHECK(Read("FROM {{ a\n").problems() != "");
  CHECK(Read("FROM {{ a }} b\n").problems() != "");
}

TEST_CASE("Dockerfile: what is wrong is told, and the rest is read", "[dockerfile]") {
  const Read read("FROM a\nFOO b\n{{ x }}\nENV A=\"b\nRUN c\nENV A\nFROM\n");
  CHECK(read.problems() ==
        "syntax 7-10 expected an instruction\nsyntax 27-29 a quote is not closed\n"
        "syntax 40-41 expected a value behind the name\nsyntax 42-46 expected FROM image AS name\n");
  CHECK(read.file.documents[0].state == DocumentState::partial);
  CHECK(read.tree().find("instructions[2].value = text c\n") != std::string::npos);
  CHECK(Read("RUN a\n").tree() ==
      "stages[0].instructions[0].op = text RUN\nstages[0].instructions[0].value = text a\nstages[0].instructions[0].form = text shell\n");
  CHECK(Read("").problems() == "syntax 0-0 expected a FROM instruction\n");
  CHECK(Read("\xEF\xBB\xBF" "FROM a").tree() == "stages[0].base = text a\nstages[0].instructions = []\n");
}

TEST_CASE("Dockerfile: hostile Dockerfiles cost no more than others", "[dockerfile]") {
  std::string heredocs = "FROM a\n", names = "FROM a\nARG", lines = "FROM a\nRUN a", words = "FROM a\nENV ", actions = "FROM ";
  while (heredocs.size() < 300'000) heredocs += "RUN <<A" + std::to_string(heredocs.size()) + "\n";
  while (names.size() < 300'000) names += " a";
  while (lines.size() < 300'000) lines += "\\\n#\n\n";
  while (words.size() < 300'000) words += "a=\"\\\n$b\" ";
  while (actions.size() < 300'000) actions += "{{}}{{ <%%>";
  for (const std::string& text : {heredocs, names, lines, words, actions, std::string(200'000, '['), "FROM a\nCMD [" + std::string(200'000, '"'),
                                  std::string(100'000, '\0'), std::string("FROM \xFF\xFE\nENV \x80=\xC3\r"), std::string("\r"),
                                      std::string("FROM a\rRUN b")}) {
    const Read read(text);
    CHECK(read.file.documents.size() == 1);
    CHECK(read.file.problems.size() <= 200);
  }
}
