// Reads a table again whenever it has changed, and tells what is new in it. A table with a mistake
// is refused whole: what the one before said stays.
#pragma once

#include "io/source/csv/sheet.hpp"
#include "io/source/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

namespace surged::io::csv {

struct ClientOptions {
    std::string name;  // of the source
    std::string path;  // absolute
    Kind kind{Kind::staffing};
    Mapping mapping;
    std::function<plan::Zone()> zone;  // of the site, now
    Micros poll{1s};                   // a file is read when two looks saw the same
    Micros stale_after{0};             // a file that was not written for so long: lost; 0: never
    std::function<bool()> hold_back;   // true: the journal is behind, tell no more for now
};

class Client : public Source {
public:
    /// `sink` must outlive the client.
    Client(boost::asio::any_io_executor executor, ClientOptions options, Sink& sink);
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] boost::asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] SourceStatus status() const override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace surged::io::csv
