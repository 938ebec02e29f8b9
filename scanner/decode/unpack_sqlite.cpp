// SPDX-License-Identifier: Apache-2.0
// SQLite 3 (https://www.sqlite.org/fileformat2.html): pages of one size; each table is a tree of pages, whose cells are rows.
// The first page is the table of tables. A row that is too long for its page goes on in a chain of pages, and text may be
// UTF-16: neither could be found in the bytes as they stand. Given are, for each table, its texts and blobs as lines
// "column=value", with a blank line between rows; blobs that are containers are members of their own.
//
// The pages are walked here, without SQLite: no statement of the file is ever run or compiled, and no page is read twice, so
// that the work is bounded by the file's size, whatever its pages say. Rows of one page may not be longer together than the
// page; overflow pages count as read, too.
#include <algorithm>
#include <string>
#include <vector>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/content.h"
#include "scanner/decode/sqlite_columns.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

constexpr size_t kPiece = 4 << 20;  // of a table's text that is given as one member
constexpr size_t kHeadSize = 100;

// 1 to 9 bytes, seven bits in each but the ninth.
uint64_t varint(ByteCursor& cursor) {
  uint64_t value = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const uint8_t byte = cursor.u8();
    value = value << 7 | (byte & 0x7F);
    if ((byte & 0x80) == 0) return value;
  }
  return value << 8 | cursor.u8();
}

struct Value {
  enum class Kind : uint8_t { other, text, blob };
  Kind kind = Kind::other;
  Bytes bytes;
  uint64_t number = 0;
};

// The next value of a record, by its type.
Value next_value(uint64_t type, ByteCursor& body) {
  static constexpr uint8_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  if (type >= 12) return {type % 2 == 0 ? Value::Kind::blob : Value::Kind::text, body.take((type - 12) / 2)};
  Value value{Value::Kind::other, body.take(kSizes[type])};
  for (const char c : value.bytes) value.number = value.number << 8 | static_cast<uint8_t>(c);
  if (type == 9) value.number = 1;
  return value;
}

// Calls take(column, value) for each value of the record. What is cut off is given as far as it goes.
template <class Take>
void read_record(Bytes record, const Take& take) {
  ByteCursor start(record);
  const uint64_t head_size = varint(start);
  if (head_size > record.size()) return;
  ByteCursor types(record.substr(0, head_size)), body(record.substr(head_size));
  varint(types);
  for (size_t column = 0; types.left() > 0; ++column) {
    const uint64_t type = varint(types);
    if (!types.ok()) return;
    const Bytes rest = body.rest();
    Value value = next_value(type, body);
    if (!body.ok() && type >= 12) value.bytes = rest;
    take(column, value);
    if (!body.ok()) return;
  }
}

class Database {
 public:
  Database(Bytes file, Unpacking& job) : file_(file), job_(job) {
    ByteCursor head(file.substr(0, kHeadSize));
    head.skip(16);
    page_size_ = head.be16();
    if (page_size_ == 1) page_size_ = 65536;
    head.skip(2);
    usable_ = page_size_ - std::min<size_t>(head.u8(), page_size_);
    head.skip(35);
    encoding_ = head.be32();
    const bool is_power = page_size_ >= 512 && (page_size_ & (page_size_ - 1)) == 0;
    is_sound_ = is_power && usable_ >= 480 && file.size() >= page_size_;
    if (is_sound_) seen_.resize(file.size() / page_size_ + 1);
  }

  void read() {
    if (!is_sound_) return job_.gap(UnpackGap::Kind::corrupt, "", "the head of the SQLite database is damaged");
    struct Table {
      std::string name, sql;
      uint64_t root;
    };
    std::vector<Table> tables;
    walk(1, "", [&](Bytes record, bool) {
      std::string type;
      Table table{};
      read_record(record, [&](size_t column, const Value& value) {
        if (column == 0) type = text_of(value);
        if (column == 1) table.name = text_of(value);
        if (column == 3) table.root = value.number;
        if (column == 4) table.sql = text_of(value);
      });
      if (type == "table" && table.root != 0) tables.push_back(std::move(table));
    });
    for (const Table& table : tables) {
      if (job_.stopped()) return;
      read_table(table.name, table.sql, table.root);
    }
  }

 private:
  std::string text_of(const Value& value) const {
    if (value.kind != Value::Kind::text || encoding_ < 2) return std::string(value.bytes);
    using Form = WideText::Form;
    return std::string(WideText(value.bytes, encoding_ == 2 ? Form::utf16_little : Form::utf16_big).text());
  }

  void read_table(const std::string& name, const std::string& sql, uint64_t root) {
    const std::vector<std::string> columns = sqlite_columns(sql);
    const std::string path = "table " + name;
    std::string text;
    const auto give = [&] {
      if (!text.empty() && job_.admit()) job_.give(path, text);
      text.clear();
    };
    walk(root, path, [&](Bytes record, bool is_row) {
      const size_t before = text.size();
      read_record(record, [&](size_t column, const Value& value) {
        if (value.kind == Value::Kind::other || value.bytes.empty() || job_.stopped()) return;
        const bool is_named = is_row && column < columns.size();  // without row ids, columns are stored in another order
        if (value.kind == Value::Kind::blob && container_of(value.bytes) != Container::none) {
          if (job_.admit()) job_.give(path + (is_named ? " " + columns[column] : ""), value.bytes);
          return;
        }
        if (is_named) text.append(columns[column]) += '=';
        text.append(text_of(value)) += '\n';
        if (text.size() >= kPiece) give();
      });
      if (text.size() > before) text += '\n';
    });
    give();
  }

  // Each page of a tree once, from left to right; calls take(record, is of a table with row ids) for each row.
  template <class Take>
  void walk(uint64_t root, std::string_view path, const Take& take) {
    std::vector<uint64_t> open{root};
    bool is_damaged = false;
    while (!open.empty() && !job_.stopped()) {
      const uint64_t number = open.back();
      open.pop_back();
      if (!see(number) || !read_page(number, open, take)) is_damaged = true;
    }
    if (is_damaged) job_.gap(UnpackGap::Kind::corrupt, path, "pages of the SQLite database are damaged");
  }

  // False if there is no such page, or if it was read before.
  bool see(uint64_t number) {
    if (number == 0 || number >= seen_.size() || seen_[number]) return false;
    seen_[number] = true;
    return true;
  }
  [[nodiscard]] Bytes page(uint64_t number) const { return file_.substr((number - 1) * page_size_, page_size_); }

  template <class Take>
  bool read_page(uint64_t number, std::vector<uint64_t>& open, const Take& take) {
    const Bytes whole = page(number);
    ByteCursor head(whole.substr(number == 1 ? kHeadSize : 0));
    const uint8_t type = head.u8();
    if (type != kIndexInner && type != kTableInner && type != kIndexLeaf && type != kTableLeaf) return false;
    const bool is_inner = type == kIndexInner || type == kTableInner;
    head.skip(2);
    const unsigned cells = head.be16();
    head.skip(3);
    const uint64_t last = is_inner ? head.be32() : 0;
    const size_t first_child = open.size();
    size_t room = usable_;
    bool is_sound = true;
    for (unsigned i = 0; i < cells && is_sound && !job_.stopped(); ++i) {
      const uint16_t offset = head.be16();
      if (!head.ok() || offset == 0 || offset >= whole.size()) return false;
      ByteCursor cell(whole.substr(offset));
      if (is_inner) open.push_back(cell.be32());
      if (type != kTableInner) is_sound = read_cell(cell, type == kTableLeaf, room, take);
    }
    if (is_inner) open.push_back(last);
    if (open.size() > seen_.size()) return false;  // more than there are pages
    std::reverse(open.begin() + static_cast<ptrdiff_t>(first_child), open.end());  // the leftmost is taken first
    return is_sound;
  }

  // How much of a payload lies in its cell.
  [[nodiscard]] uint64_t local_size(uint64_t size, bool is_row) const {
    const uint64_t most = is_row ? usable_ - 35 : (usable_ - 12) * 64 / 255 - 23;
    if (size <= most) return size;
    const uint64_t least = (usable_ - 12) * 32 / 255 - 23;
    const uint64_t local = least + (size - least) % (usable_ - 4);
    return local <= most ? local : least;
  }

  template <class Take>
  bool read_cell(ByteCursor& cell, bool is_row, size_t& room, const Take& take) {
    const uint64_t size = varint(cell);
    if (is_row) varint(cell);
    const uint64_t local = local_size(size, is_row);
    const Bytes start = cell.take(local);
    if (!cell.ok() || local > room) return false;
    room -= local;
    if (local == size) {
      take(start, is_row);
      return true;
    }
    const uint64_t most = std::min(size, UnpackBudget::kMember);
    std::string record(start);
    for (uint64_t number = cell.be32(); record.size() < most;) {
      if (!cell.ok() || !see(number)) break;
      ByteCursor overflow(page(number));
      number = overflow.be32();
      record += overflow.take(std::min<uint64_t>(most - record.size(), usable_ - 4));
    }
    take(record, is_row);
    return record.size() == size;
  }

  static constexpr uint8_t kIndexInner = 2, kTableInner = 5, kIndexLeaf = 10, kTableLeaf = 13;
  Bytes file_;
  Unpacking& job_;
  size_t page_size_ = 0, usable_ = 0;  // bytes; what the file's extensions keep of a page is not usable
  uint32_t encoding_ = 1;              // 1 UTF-8, 2 UTF-16 little, 3 big
  bool is_sound_ = false;
  std::vector<bool> seen_;  // by page number, from 1
};

}  // namespace

void unpack_sqlite(Bytes container, Unpacking& job) { Database(container, job).read(); }

}  // namespace sealwarden
