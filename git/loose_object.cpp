// SPDX-License-Identifier: Apache-2.0
#include "git/loose_object.h"

#include <charconv>
#include <optional>
#include <utility>

#include "git/byte_reader.h"
#include "git/files.h"
#include "git/mapped_file.h"

// file = zlib stream of: type ' ' size NUL bytes
namespace sealwarden {
namespace {

std::optional<ObjectType> type_named(Bytes name) {
  if (name == "commit") return ObjectType::commit;
  if (name == "tree") return ObjectType::tree;
  if (name == "blob") return ObjectType::blob;
  if (name == "tag") return ObjectType::tag;
  return std::nullopt;
}

std::optional<size_t> number(Bytes text) {
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

Result<StoredObject> parse_loose_object(Bytes file, const Inflater& inflater, size_t limit) {
  TRY(Inflater::Unknown content, inflater.inflate_whole(file, limit));
  ByteReader reader(content.bytes.view().substr(0, content.size));
  const std::optional<Bytes> name = reader.take_until(' '), digits = reader.take_until('\0');
  const std::optional<ObjectType> type = type_named(name.value_or(Bytes()));
  if (!type || number(digits.value_or(Bytes())) != reader.rest().size())
    return fail(Error::Kind::corrupt, "the head of the object is broken");
  const Bytes bytes = reader.rest();
  return StoredObject{*type, std::move(content.bytes), bytes};
}

std::string loose_object_path(const std::string& folder, const ObjectId& id) {
  const std::string hex = id.hex();
  return join(folder, hex.substr(0, 2)) + "/" + hex.substr(2);
}

Result<StoredObject> read_loose_object(const std::string& folder, const ObjectId& id, const Inflater& inflater, size_t limit) {
  TRY(const MappedFile file, MappedFile::open(loose_object_path(folder, id)));
  return parse_loose_object(file.bytes(), inflater, limit);
}

}  // namespace sealwarden
