// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/packed_stream.h"

#include <bzlib.h>
#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/content.h"

namespace sealwarden {

using State = PackedStream::State;

// Makes plain bytes until `room` is filled, the packed bytes are used up or something ends. Always makes progress, in what it
// takes or makes, as long as it says `open`.
class PackedStream::Decoder {
 public:
  struct Step {
    size_t made;
    State state;
  };
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;
  virtual Step decode(Bytes& packed, char* to, size_t room) = 0;
};

namespace {

using Decoder = PackedStream::Decoder;
using Step = Decoder::Step;

constexpr size_t kStep = 256 << 10;       // decompressed at a time
constexpr size_t kMostInput = 1ULL << 30;  // what these libraries may be shown at once

// The libraries do not write to their input, though three of them take it as if they might.
template <class T>
T* input_of(Bytes packed) {
  return reinterpret_cast<T*>(const_cast<char*>(packed.data()));
}

// For libraries whose stream has next_in, avail_in, next_out and avail_out.
template <class Byte, class Stream>
void point_at(Stream& stream, Bytes packed, char* to, size_t room) {
  stream.next_in = input_of<Byte>(packed);
  stream.avail_in = static_cast<decltype(stream.avail_in)>(std::min(packed.size(), kMostInput));
  stream.next_out = reinterpret_cast<decltype(stream.next_out)>(to);
  stream.avail_out = static_cast<decltype(stream.avail_out)>(room);
}

// What was taken of the packed bytes and made of them; `open` without either is the end of what there is.
template <class Stream>
Step progress(const Stream& stream, Bytes& packed, size_t room, State state) {
  const size_t taken = std::min(packed.size(), kMostInput) - stream.avail_in, made = room - stream.avail_out;
  packed.remove_prefix(taken);
  if (state == State::open && taken == 0 && made == 0) state = State::truncated;
  return {made, state};
}

// deflate, zlib and gzip differ in how much room zlib is told to give its window.
class ZlibDecoder final : public Decoder {
 public:
  ZlibDecoder(int window, bool goes_on) : goes_on_(goes_on) { is_ready_ = inflateInit2(&stream_, window) == Z_OK; }
  ~ZlibDecoder() override {
    if (is_ready_) inflateEnd(&stream_);
  }

  Step decode(Bytes& packed, char* to, size_t room) override {
    if (!is_ready_) return {0, State::memory};
    point_at<Bytef>(stream_, packed, to, room);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    const Step step = progress(stream_, packed, room, state_of(code));
    if (step.state != State::end || !goes_on_ || !packed.starts_with("\x1F\x8B")) return step;
    return {step.made, inflateReset(&stream_) == Z_OK ? State::open : State::memory};
  }

 private:
  static State state_of(int code) {
    if (code == Z_STREAM_END) return State::end;
    if (code == Z_OK || code == Z_BUF_ERROR) return State::open;
    return code == Z_MEM_ERROR ? State::memory : State::corrupt;
  }

  z_stream stream_{};
  bool is_ready_, goes_on_;
};

class Bzip2Decoder final : public Decoder {
 public:
  Bzip2Decoder() { begin(); }
  ~Bzip2Decoder() override { end(); }

  Step decode(Bytes& packed, char* to, size_t room) override {
    if (!is_ready_) return {0, State::memory};
    point_at<char>(stream_, packed, to, room);
    const int code = BZ2_bzDecompress(&stream_);
    const Step step = progress(stream_, packed, room, state_of(code));
    if (step.state != State::end || !packed.starts_with("BZh")) return step;
    end();
    begin();
    return {step.made, State::open};
  }

 private:
  static State state_of(int code) {
    if (code == BZ_STREAM_END) return State::end;
    if (code == BZ_OK) return State::open;
    return code == BZ_MEM_ERROR ? State::memory : State::corrupt;
  }
  void begin() {
    stream_ = {};
    is_ready_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  }
  void end() {
    if (is_ready_) BZ2_bzDecompressEnd(&stream_);
    is_ready_ = false;
  }

  bz_stream stream_{};
  bool is_ready_ = false;
};

class LzmaDecoder final : public Decoder {
 public:
  LzmaDecoder() { state_ = state_of(lzma_auto_decoder(&stream_, PackedStream::kMostMemory, LZMA_CONCATENATED)); }
  explicit LzmaDecoder(const LzmaChain& chain) { state_ = begin(chain); }
  ~LzmaDecoder() override { lzma_end(&stream_); }

  Step decode(Bytes& packed, char* to, size_t room) override {
    if (state_ != State::open) return {0, state_};
    point_at<const uint8_t>(stream_, packed, to, room);
    const lzma_action action = packed.size() <= kMostInput ? LZMA_FINISH : LZMA_RUN;
    const lzma_ret code = lzma_code(&stream_, action);
    return progress(stream_, packed, room, state_of(code));
  }

 private:
  static State state_of(lzma_ret code) {
    switch (code) {
      case LZMA_OK:
      case LZMA_BUF_ERROR:
        return State::open;
      case LZMA_STREAM_END:
        return State::end;
      case LZMA_MEM_ERROR:
      case LZMA_MEMLIMIT_ERROR:
        return State::memory;
      case LZMA_OPTIONS_ERROR:
        return State::unsupported;
      default:
        return State::corrupt;
    }
  }

  State begin(const LzmaChain& chain) {
    std::array<lzma_filter, LZMA_FILTERS_MAX + 1> filters{};
    if (chain.filters.size() > LZMA_FILTERS_MAX) return State::unsupported;
    State state = State::open;
    size_t count = 0;
    for (const LzmaChain::Filter& filter : chain.filters) {
      // Of the kinds of LZMA1 the one that is told where it ends: what filters it needs to know.
      filters[count].id = filter.id == LZMA_FILTER_LZMA1 ? LZMA_FILTER_LZMA1EXT : filter.id;
      state = state_of(lzma_properties_decode(&filters[count], nullptr, input_of<const uint8_t>(filter.properties),
                                              filter.properties.size()));
      if (state != State::open) break;
      if (filter.id == LZMA_FILTER_LZMA1) {
        auto* options = static_cast<lzma_options_lzma*>(filters[count].options);
        options->ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM;
        options->ext_size_low = static_cast<uint32_t>(chain.size);
        options->ext_size_high = static_cast<uint32_t>(chain.size >> 32);
      }
      ++count;
    }
    filters[count].id = LZMA_VLI_UNKNOWN;
    if (state == State::open) {
      state = lzma_raw_decoder_memusage(filters.data()) > PackedStream::kMostMemory ? State::memory
                                                                                    : state_of(lzma_raw_decoder(&stream_, filters.data()));
    }
    for (size_t i = 0; i < count; ++i) free(filters[i].options);
    return state;
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  State state_ = State::open;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() {
    if (context_) ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog);
  }

  Step decode(Bytes& packed, char* to, size_t room) override {
    if (!context_) return {0, State::memory};
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{to, room, 0};
    const size_t code = ZSTD_decompressStream(context_.get(), &out, &in);
    packed.remove_prefix(in.pos);
    if (ZSTD_isError(code) != 0) return {out.pos, state_of(ZSTD_getErrorCode(code))};
    if (code == 0) return {out.pos, has_further_frame(packed) ? State::open : State::end};
    return {out.pos, in.pos == 0 && out.pos == 0 ? State::truncated : State::open};
  }

 private:
  static constexpr int kWindowLog = 27;  // PackedStream::kMostMemory
  struct Deleter {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  static State state_of(ZSTD_ErrorCode code) {
    return code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation ? State::memory : State::corrupt;
  }
  static bool has_further_frame(Bytes packed) {
    const uint32_t magic = ByteCursor(packed).le32();
    return magic == ZSTD_MAGICNUMBER || (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
  }

  std::unique_ptr<ZSTD_DCtx, Deleter> context_{ZSTD_createDCtx()};
};

std::unique_ptr<Decoder> decoder_for(Codec codec, const LzmaChain* chain) {
  switch (codec) {
    case Codec::stored:
      return nullptr;
    case Codec::deflate:
      return std::make_unique<ZlibDecoder>(-MAX_WBITS, false);
    case Codec::zlib:
      return std::make_unique<ZlibDecoder>(MAX_WBITS, false);
    case Codec::gzip:
      return std::make_unique<ZlibDecoder>(16 + MAX_WBITS, true);
    case Codec::bzip2:
      return std::make_unique<Bzip2Decoder>();
    case Codec::xz:
      return std::make_unique<LzmaDecoder>();
    case Codec::zstd:
      return std::make_unique<ZstdDecoder>();
    case Codec::lzma:
      return std::make_unique<LzmaDecoder>(*chain);
  }
  return nullptr;
}

// By how many times a codec is slower than deflate, at worst.
unsigned weight_of(Codec codec) { return codec == Codec::bzip2 ? 6 : codec == Codec::xz || codec == Codec::lzma ? 3 : 1; }

}  // namespace

PackedStream::PackedStream(Codec codec, Bytes packed, Unpacking& job, const LzmaChain* chain)
    : job_(job), packed_(packed), decoder_(decoder_for(codec, chain)), weight_(weight_of(codec)) {}
PackedStream::~PackedStream() = default;

Bytes PackedStream::next(uint64_t size) {
  if (!decoder_) {
    last_ = packed_.substr(0, size);
    packed_.remove_prefix(last_.size());
    if (last_.size() < size) state_ = State::end;
    return last_;
  }
  buffer_.erase(0, last_.size());  // after put_back() there may be more than that
  while (buffer_.size() < size && state_ == State::open) {
    const size_t before = buffer_.size(), room = std::min<uint64_t>({size - before, kStep, job_.room(weight_)});
    if (room == 0) {
      state_ = State::limit;
      break;
    }
    buffer_.resize(before + room);
    const Decoder::Step step = decoder_->decode(packed_, buffer_.data() + before, room);
    buffer_.resize(before + step.made);
    job_.made(step.made, weight_);
    state_ = step.state;
  }
  last_ = Bytes(buffer_).substr(0, size);
  return last_;
}

void PackedStream::put_back(size_t size) {
  size = std::min(size, last_.size());
  last_.remove_suffix(size);
  if (!decoder_) packed_ = Bytes(packed_.data() - size, packed_.size() + size);
}

bool PackedStream::skip(uint64_t size) {
  if (!decoder_) {
    last_ = next(size);
    return last_.size() == size;
  }
  while (size > 0) {
    const uint64_t passed = next(std::min<uint64_t>(size, kStep)).size();
    if (passed == 0) return false;
    size -= passed;
  }
  return true;
}

UnpackGap::Kind kind_of(State state) {
  switch (state) {
    case State::limit:
    case State::memory:
      return UnpackGap::Kind::limit;
    case State::unsupported:
      return UnpackGap::Kind::unsupported;
    default:
      return UnpackGap::Kind::corrupt;
  }
}

std::string_view message_of(State state) {
  switch (state) {
    case State::limit:
      return "expands too far";
    case State::memory:
      return "needs more than 128 MiB to decompress";
    case State::unsupported:
      return "is compressed in a way that is not read";
    case State::corrupt:
      return "its compressed bytes are damaged";
    default:
      return "ends too early";
  }
}

uint32_t crc32_of(Bytes bytes) { return static_cast<uint32_t>(crc32_z(0, input_of<const Bytef>(bytes), bytes.size())); }

namespace {

// Whether a long member can be looked at in pieces: a container is read whole or not at all, and UTF-16 has its mark at the start.
bool is_plain_text(Bytes start) { return container_of(start) == Container::none && !wide_form(start); }

// Where the next piece begins so that it overlaps what this one leaves to it, at a line's start if there is one near.
size_t begin_of_next(Bytes bytes, size_t own_end, MemberPiece& next) {
  size_t begin = own_end - MemberPiece::kOverlap;
  const size_t line_end = bytes.rfind('\n', begin - 1);
  const bool is_near = line_end != Bytes::npos && begin - line_end <= MemberPiece::kOverlap;
  if (is_near) begin = line_end + 1;
  next.column = line_end == Bytes::npos ? next.column + begin : begin - line_end - 1;
  next.line += static_cast<uint64_t>(std::ranges::count(bytes.substr(0, begin), '\n'));
  next.offset += begin;
  next.own_begin = own_end - begin;
  return begin;
}

// Gives a member as bytes come from the stream.
class StreamGiver {
 public:
  StreamGiver(PackedStream& stream, uint64_t size, std::string_view path, Unpacking& job) : stream_(stream), size_(size), path_(path), job_(job) {}

  void give() {
    Bytes bytes = read(0);
    if (size_ <= UnpackBudget::kMember || bytes.size() < UnpackBudget::kMember || !is_plain_text(bytes)) return job_.give(path_, bytes);
    for (MemberPiece piece; !job_.stopped();) {
      is_cut_ = false;
      const bool is_last = read_ == size_ || bytes.size() < UnpackBudget::kMember;
      const size_t own_end = is_last ? bytes.size() : bytes.size() - MemberPiece::kOverlap;
      piece.own_end = is_last ? UINT64_MAX : own_end;
      job_.give(path_, bytes, piece);
      if (is_last) return;
      const size_t kept = bytes.size() - begin_of_next(bytes, own_end, piece);
      stream_.put_back(kept);
      bytes = read(kept);
    }
  }

  [[nodiscard]] uint64_t read() const { return read_; }
  [[nodiscard]] bool is_cut() const { return is_cut_; }  // there may be more than was given
  [[nodiscard]] uint32_t crc() const { return crc_; }

 private:
  // Behind `kept` bytes that were put back.
  Bytes read(size_t kept) {
    const uint64_t wanted = std::min(size_ - read_, UnpackBudget::kMember - kept);
    const Bytes bytes = stream_.next(kept + wanted), fresh = bytes.substr(std::min(kept, bytes.size()));
    crc_ = static_cast<uint32_t>(crc32_z(crc_, input_of<const Bytef>(fresh), fresh.size()));
    read_ += fresh.size();
    is_cut_ = fresh.size() == wanted && read_ < size_;
    return bytes;
  }

  PackedStream& stream_;
  const uint64_t size_;
  std::string_view path_;
  Unpacking& job_;
  uint64_t read_ = 0;
  uint32_t crc_ = 0;
  bool is_cut_ = false;
};

}  // namespace

void give_stream(PackedStream& stream, uint64_t size, std::optional<uint32_t> crc, std::string_view path, Unpacking& job) {
  StreamGiver giver(stream, size, path, job);
  giver.give();
  const bool is_whole = giver.read() == size || (size == kWholeStream && stream.state() == State::end);
  if (giver.is_cut()) {
    if (size == kWholeStream && !stream.skip(1)) return;
    job.gap(UnpackGap::Kind::limit, path, kTooLong);
    if (size != kWholeStream) stream.skip(size - giver.read());
  } else if (!is_whole && stream.state() == State::limit) {
    job.stop(path, std::string(message_of(State::limit)));
  } else if (!is_whole) {
    job.gap(kind_of(stream.state()), path, std::string(message_of(stream.state())));
  } else if (crc && giver.read() == size && giver.crc() != *crc) {
    job.gap(UnpackGap::Kind::corrupt, path, "its checksum is wrong");
  }
}

}  // namespace sealwarden
