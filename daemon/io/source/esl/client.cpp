#include "io/source/esl/client.hpp"

#include <memory>
#include <utility>

namespace surged::io::esl {
namespace {

TcpClientOptions connection(const ClientOptions& options) {
    TcpClientOptions out;
    out.name = options.name;
    out.type = "esl";
    out.host = options.host;
    out.port = options.port;
    out.backoff_min = options.backoff_min;
    out.backoff_max = options.backoff_max;
    out.connect_timeout = options.connect_timeout;
    return out;
}

Begin begin(const ClientOptions& options, Sink& sink, CallerHash caller_hash) {
    SessionOptions session;
    session.secret = options.secret;
    session.format = options.format;
    session.stale_after = options.stale_after;
    session.poll = options.poll;
    session.login_timeout = options.connect_timeout;
    // What was believed outlives the connection: that is what the next one is compared with.
    const auto picture = std::make_shared<Picture>(std::move(caller_hash));
    return [session = std::move(session), &sink, picture](Steady now) {
        return std::make_unique<Session>(session, sink, *picture, now);
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

}  // namespace surged::io::esl
