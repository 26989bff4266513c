#include "io/http/inflate.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cctype>
#include <utility>
#include <zlib.h>
#include <zstd.h>

namespace surged::io::http {
namespace {

constexpr std::size_t slice_bytes = 256 * 1024;
constexpr int window_log_max = 23;  // 8 MiB: what RFC 8878 asks a decoder to support

}  // namespace

// A decoder of either kind: fills `room` as far as it can.
struct Inflater::Stream {
    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;
    struct Filled {
        std::size_t bytes{0};
        bool ended{false};  // at the end of the stream, and nothing follows
        bool bad{false};
    };
    virtual Filled fill(char* room, std::size_t size) = 0;
};

struct Inflater::Gzip final : Stream {
    explicit Gzip(std::string_view packed) {
        // zlib does not write to its input, whatever the type says.
        state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        state_.avail_in = static_cast<uInt>(packed.size());
        ready_ = inflateInit2(&state_, 15 + 16) == Z_OK;  // 16: gzip alone, not zlib
    }
    ~Gzip() override {
        if (ready_) inflateEnd(&state_);
    }
    Filled fill(char* room, std::size_t size) override {
        Filled out;
        if (!ready_) return {0, false, true};
        state_.next_out = reinterpret_cast<Bytef*>(room);
        state_.avail_out = static_cast<uInt>(size);
        while (!out.ended && !out.bad && state_.avail_out > 0) {
            const int said = inflate(&state_, Z_NO_FLUSH);
            if (said == Z_STREAM_END) {
                out.ended = state_.avail_in == 0;
                if (!out.ended) out.bad = inflateReset(&state_) != Z_OK;  // another member
            } else if (said != Z_OK) {
                out.bad = true;  // Z_BUF_ERROR too: the input ended before the stream
            }
        }
        out.bytes = size - state_.avail_out;
        return out;
    }

private:
    z_stream state_{};
    bool ready_{false};
};

struct Inflater::Zstd final : Stream {
    explicit Zstd(std::string_view packed)
        : context_{ZSTD_createDCtx(), &ZSTD_freeDCtx}, in_{packed.data(), packed.size(), 0} {
        ready_ =
            context_ != nullptr &&
            ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log_max)
            ) == 0;
    }
    Filled fill(char* room, std::size_t size) override {
        Filled out;
        if (!ready_) return {0, false, true};
        ZSTD_outBuffer to{room, size, 0};
        while (!out.ended && !out.bad && to.pos < to.size) {
            const std::size_t before = in_.pos + to.pos;
            const std::size_t said = ZSTD_decompressStream(context_.get(), &to, &in_);
            const bool stuck = in_.pos + to.pos == before;
            out.bad = ZSTD_isError(said) != 0 || (said != 0 && stuck);
            out.ended = said == 0 && in_.pos == in_.size;
        }
        out.bytes = to.pos;
        return out;
    }

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
    ZSTD_inBuffer in_;
    bool ready_{false};
};

std::optional<Coding> parse_coding(std::string_view word) {
    std::string lower{word};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    if (lower == "gzip" || lower == "x-gzip") return Coding::gzip;
    if (lower == "zstd") return Coding::zstd;
    return std::nullopt;
}

Inflater::Inflater(Coding coding, std::string_view packed, std::size_t most) : most_{most} {
    if (coding == Coding::gzip) {
        stream_ = std::make_unique<Gzip>(packed);
    } else {
        stream_ = std::make_unique<Zstd>(packed);
    }
}

Inflater::~Inflater() = default;

Inflated Inflater::step(std::size_t slice) {
    const std::size_t before = out_.size();
    // One byte over the limit is asked for: it tells a body that is just full from one too many.
    out_.resize(std::min(before + slice, most_ + 1));
    const Stream::Filled filled = stream_->fill(out_.data() + before, out_.size() - before);
    out_.resize(before + filled.bytes);
    if (out_.size() > most_) return Inflated::too_large;
    if (filled.bad) return Inflated::corrupt;
    return filled.ended ? Inflated::done : Inflated::more;
}

boost::asio::awaitable<Unpacked> unpack(Coding coding, std::string packed, std::size_t most) {
    const auto executor = co_await boost::asio::this_coro::executor;
    Inflater inflater{coding, packed, most};
    Unpacked out;
    for (;;) {
        out.state = inflater.step(slice_bytes);
        if (out.state != Inflated::more) break;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
    if (out.state == Inflated::done) out.body = inflater.take();
    co_return out;
}

}  // namespace surged::io::http
