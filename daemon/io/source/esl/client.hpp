// Keeps a connection to a FreeSWITCH event socket for as long as the daemon lives.
#pragma once

#include "io/source/esl/session.hpp"
#include "io/source/source.hpp"
#include "io/source/tcp_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <string>

namespace surged::io::esl {

struct ClientOptions {
    std::string name;  // of the source
    std::string host;
    std::uint16_t port{8021};
    std::string secret;
    Format format{Format::plain};
    Micros stale_after{30s};  // a dead connection is noticed within this
    Micros poll{30s};         // between two readings of the tables
    Micros backoff_min{500ms};
    Micros backoff_max{30s};      // also between attempts after a wrong password
    Micros connect_timeout{10s};  // for the name, for the connection, and for the login
};

/// Logs in, asks for events and tables, hands over what they say.
class Client final : public TcpClient {
public:
    Client(
        boost::asio::any_io_executor executor,
        const ClientOptions& options,
        Sink& sink,
        CallerHash caller_hash
    );
};

}  // namespace surged::io::esl
