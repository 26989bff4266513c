// Bodies that came compressed, unpacked in slices: what comes out is bounded, and so is the memory,
// whatever the stream claims; between two slices the loop does other things.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::http {

/// A Content-Encoding that is understood.
enum class Coding : std::uint8_t { gzip, zstd };
/// Whatever the case; x-gzip is gzip (RFC 9110 §8.4.1.3). nullopt: not one of ours.
[[nodiscard]] std::optional<Coding> parse_coding(std::string_view word);

enum class Inflated : std::uint8_t {
    more,       // not at the end yet
    done,       // all of it
    too_large,  // it would be more than `most`
    corrupt,    // not such a stream, cut off, or something follows it
};

/// One stream. `packed` must outlive it. Several gzip members or zstd frames one after the other
/// are one stream, as their RFCs (1952, 8878) have it.
class Inflater {
public:
    Inflater(Coding coding, std::string_view packed, std::size_t most);
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Unpacks at most `slice` further bytes. Once it says something else than `more` it is over.
    /// @cost   1 ms for 256 KiB at the worst; memory: what came out, and at most 8 MiB of window
    [[nodiscard]] Inflated step(std::size_t slice);
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    struct Stream;
    struct Gzip;
    struct Zstd;
    std::unique_ptr<Stream> stream_;
    std::size_t most_;
    std::string out_;
};

/// What came of a body.
struct Unpacked {
    Unpacked() = default;  // not an aggregate: it comes out of a coroutine (g++ 12)
    Inflated state{Inflated::corrupt};
    std::string body;
};
/// All of `packed`, with room for others on the loop after every slice.
[[nodiscard]] boost::asio::awaitable<Unpacked> unpack(
    Coding coding, std::string packed, std::size_t most
);

}  // namespace surged::io::http
