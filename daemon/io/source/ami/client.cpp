#include "io/source/ami/client.hpp"

#include "io/source/ami/session.hpp"

#include <memory>
#include <utility>

namespace surged::io::ami {
namespace {

TcpClientOptions connection(const ClientOptions& options) {
    TcpClientOptions out;
    out.name = options.name;
    out.type = "ami";
    out.host = options.host;
    out.port = options.port;
    out.backoff_min = options.backoff_min;
    out.backoff_max = options.backoff_max;
    out.connect_timeout = options.connect_timeout;
    return out;
}

Begin begin(const ClientOptions& options, Sink& sink, CallerHash caller_hash) {
    SessionOptions session{
        options.username, options.secret, options.stale_after, options.connect_timeout
    };
    return [session = std::move(session), &sink, hash = std::move(caller_hash)](Steady now) {
        return std::make_unique<Session>(session, sink, hash, now);
    };
}

}  // namespace

Client::Client(
    boost::asio::any_io_executor executor,
    const ClientOptions& options,
    Sink& sink,
    CallerHash caller_hash
)
    : TcpClient{
          std::move(executor),
          connection(options),
          sink,
          begin(options, sink, std::move(caller_hash))
      } {}

}  // namespace surged::io::ami
