// SPDX-License-Identifier: Apache-2.0
#include "git/open_pack.h"

#include "git/pack_file.h"

namespace sealwarden {

Result<OpenPack> OpenPack::open(const std::string& index_path) {
  TRY_VOID(check_pack(index_path));
  OpenPack pack;
  TRY(pack.index_file, MappedFile::open(index_path));
  TRY(pack.pack_file, MappedFile::open(index_path.substr(0, index_path.size() - 4) + ".pack"));
  Result<PackIndex> index = PackIndex::parse(pack.index_file.bytes());
  if (!index) return within(index_path + ": ", std::move(index.error()));
  pack.index = *index;
  return pack;
}

}  // namespace sealwarden
