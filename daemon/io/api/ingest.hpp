// POST /api/v1/events: parse, submit, answer after the commit.
#pragma once

#include "io/api/auth.hpp"
#include "io/api/host.hpp"
#include "io/api/ndjson.hpp"
#include "io/http/inflate.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace surged::io::api {

struct IngestOptions {
    std::size_t line_bytes_max{64 * 1024};
    std::size_t backlog_bytes_max{64 * 1024 * 1024};  // beyond: 429
    std::size_t unpacked_bytes_max{8 * 1024 * 1024};  // of a compressed body; beyond: 413
    std::size_t unpacking_max{8};                     // compressed bodies at a time; beyond: 429
    CallerHash caller;
};

/// What was refused here, before the engine saw it; the engine counts the rest.
struct IngestStats {
    std::map<std::pair<std::string, std::string>, std::uint64_t> rejected;  // source, reason
    std::map<std::string, std::uint64_t> ignored_fields;                    // source
};

class Ingest {
public:
    Ingest(Host& host, IngestOptions options) : host_{host}, options_{std::move(options)} {}
    [[nodiscard]] boost::asio::awaitable<http::Response> post(http::Request request, Principal who);
    [[nodiscard]] const IngestStats& stats() const { return stats_; }

private:
    using Answer = boost::asio::awaitable<http::Response>;
    [[nodiscard]] boost::asio::awaitable<http::Unpacked> unpack(
        std::string packed, http::Coding coding
    );
    [[nodiscard]] Answer take_packed(std::string packed, Principal who, http::Coding coding);
    [[nodiscard]] Answer take(std::string body, Principal who);
    void count(const Ndjson& parsed, const std::string& source);
    Host& host_;
    IngestOptions options_;
    IngestStats stats_;
    std::size_t unpacking_{0};
};

/// The answer once the engine has spoken: 200, 202 if the store did not take it, 400 if no line was
/// good, 503 if the host took nothing. An id seen before counts as accepted: a retry is harmless.
[[nodiscard]] http::Response events_answer(const Ndjson& parsed, const Submitted& submitted);

}  // namespace surged::io::api
