// Reads a queue_log for as long as the daemon lives: the waiting, the pace and the words around a
// Follower and a Decoder. No thread of its own: reads are short, and of a local disk.
#pragma once

#include "io/source/queue_log/decode.hpp"
#include "io/source/queue_log/files.hpp"
#include "io/source/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

namespace surged::io::queue_log {

struct ClientOptions {
    std::string name;      // of the source
    std::string path;      // absolute
    std::string cursor;    // how far it was read, as the state has it; empty: never
    bool from_end{false};  // never read before: leave out what stands there already
    /// Beside a manager connection: how a caller left is told at once, everything else when that
    /// has surely told it too, so that what is read twice after a crash is what both have told.
    bool companion{false};
    MemberNames members;
    CallerHash caller_hash;
    Micros poll{1s};  // look at least so often, whatever the system tells
    Micros companion_delay{3s};
    std::function<bool()> hold_back;  // true: the journal is behind, read no more for now
};

class Client : public Source {
public:
    /// `sink` must outlive the client.
    Client(
        boost::asio::any_io_executor executor,
        ClientOptions options,
        std::unique_ptr<Files> files,
        Sink& sink
    );
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] boost::asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] SourceStatus status() const override;
    /// Calls `then` once, when what was written so far has been read, or it is known why not.
    void when_settled(std::function<void()> then) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace surged::io::queue_log
