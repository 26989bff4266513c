#include "app/cli/receive.hpp"

#include "app/cli/api.hpp"
#include "io/channel/webhook/verify.hpp"
#include "io/http/client.hpp"
#include "io/http/server.hpp"
#include "io/runtime/wall_clock.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <iterator>
#include <ostream>

namespace surged::app::cli {
namespace {

namespace net = boost::asio;
namespace json = boost::json;

constexpr auto as_result = net::as_tuple(net::use_awaitable);

/// The text at a JSON pointer; empty if it is not there or is no text.
std::string text_at(const json::value& root, const char* pointer) {
    boost::system::error_code ec;
    const json::value* found = root.find_pointer(pointer, ec);
    return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                  : std::string{};
}

/// What a terminal may show: no control characters, they could forge the screen.
std::string printable(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

json::value parsed_or_null(std::string_view body) {
    boost::system::error_code ec;
    json::value value = json::parse(json::string_view{body.data(), body.size()}, ec);
    if (ec) return nullptr;
    return value;
}

class Receiver {
public:
    Receiver(
        net::io_context& loop,
        const Globals& globals,
        std::string secret,
        Micros ack_after,
        std::string by,
        Api api
    )
        : loop_{loop},
          globals_{globals},
          secret_{std::move(secret)},
          ack_after_{ack_after},
          by_{std::move(by)},
          api_{std::move(api)} {}

    net::awaitable<io::http::Response> take(io::http::Request request);

private:
    void show(const std::string& id, const io::http::Request& request, bool repeat);
    net::awaitable<void> acknowledge(std::string id);

    net::io_context& loop_;
    const Globals& globals_;
    std::string secret_;
    Micros ack_after_;  // 0: never
    std::string by_;
    Api api_;
    io::http::Client client_;
    SeenIds seen_;
};

std::string_view header(const io::http::Request& request, std::string_view name) {
    const std::string* value = request.header(name);
    return value == nullptr ? std::string_view{} : std::string_view{*value};
}

net::awaitable<io::http::Response> Receiver::take(io::http::Request request) {
    if (request.method != "POST") co_return io::http::problem(405, "post a page here");
    const io::webhook::Stamp stamp{
        header(request, "webhook-id"),
        header(request, "webhook-timestamp"),
        header(request, "webhook-signature")
    };
    const auto verdict = io::webhook::verify(secret_, stamp, request.body, io::wall_now());
    if (verdict != io::webhook::Verdict::good) {
        const auto why = io::webhook::name_of(verdict);
        *globals_.err << "refused: " << why << '\n' << std::flush;
        co_return io::http::problem(401, why);
    }
    const std::string id{stamp.id};
    const bool fresh = seen_.add(id);
    show(id, request, !fresh);
    if (fresh && ack_after_ > Micros{0}) net::co_spawn(loop_, acknowledge(id), net::detached);
    co_return io::http::json_response(200, R"({"status":"accepted"})");
}

void Receiver::show(const std::string& id, const io::http::Request& request, bool repeat) {
    if (!globals_.json) {
        *globals_.out << describe_page(id, request.body, repeat, io::wall_now()) << std::flush;
        return;
    }
    json::object line{
        {"id",          id                            },
        {"repeat",      repeat                        },
        {"received_at", format_rfc3339(io::wall_now())}
    };
    line["body"] = parsed_or_null(request.body);
    *globals_.out << json::serialize(line) << '\n' << std::flush;
}

net::awaitable<void> Receiver::acknowledge(std::string id) {
    const auto executor = co_await net::this_coro::executor;
    net::steady_timer timer{executor, ack_after_};
    co_await timer.async_wait(as_result);
    io::http::ClientRequest request = api_.post_request(
        fmt::format("/api/v1/pages/{}/ack", percent_encoded(id)),
        json::serialize(json::object{
            {"by", by_}
    })
    );
    const io::http::ClientResult result = co_await client_.request(std::move(request));
    const std::string outcome = !result                 ? result.error().what
                                : result->status == 200 ? "acknowledged"
                                                        : problem_text(*result, plan::Language::en);
    *globals_.out
        << fmt::format(
               "{} page {}: {} by {}", format_rfc3339(io::wall_now()), printable(id), outcome, by_
           )
        << '\n'
        << std::flush;
}

}  // namespace

bool SeenIds::add(const std::string& id) {
    if (!known_.insert(id).second) return false;
    order_.push_back(id);
    if (order_.size() > most_) {
        known_.erase(order_.front());
        order_.pop_front();
    }
    return true;
}

std::string describe_page(std::string_view id, std::string_view body, bool repeat, Wall now) {
    const json::value root = parsed_or_null(body);
    const auto label = [&](std::string_view name) {
        return printable(text_at(root, fmt::format("/alerts/0/labels/{}", name).c_str()));
    };
    const auto note = [&](std::string_view name) {
        return printable(text_at(root, fmt::format("/alerts/0/annotations/{}", name).c_str()));
    };
    std::string out = fmt::format("{} page {}", format_rfc3339(now), printable(std::string{id}));
    if (repeat) out += " (repeat: already received)";
    if (note("possible_repeat") == "true") out += " (marked: possible repeat)";
    out += '\n';
    const auto row = [&out](std::string_view name, const std::string& value) {
        if (!value.empty()) fmt::format_to(std::back_inserter(out), "  {:<10} {}\n", name, value);
    };
    const std::string summary = note("summary"), description = note("description");
    if (!description.starts_with(summary)) row("", summary);
    row("", description.empty() ? summary : description);
    row("for", note("person"));
    row("level", label("level"));
    row("queue", label("queue"));
    if (!note("value").empty())
        row("value", fmt::format("{} (threshold {})", note("value"), note("threshold")));
    row("since", note("since"));
    row("first step", note("first_step"));
    const std::string link = note("ack_url");  // where the page is acknowledged says the rest too
    row("link", link.empty() ? note("link") : link);
    if (root.is_null()) row("", "the body is not JSON");
    return out;
}

Exit receive(const Globals& globals, const ReceiveOptions& options) {
    const auto listen = parse_listen(options.listen);
    if (!listen) return complain(globals, {"--listen: want HOST:PORT", ""}, Exit::usage);
    Micros ack_after{0};
    if (!options.ack_after.empty()) {
        const auto parsed = parse_duration(options.ack_after);
        if (!parsed)
            return complain(globals, {"--ack-after: want a duration such as 10s", ""}, Exit::usage);
        ack_after = std::max(*parsed, Micros{1});  // 0s: at once
    }
    std::string secret;
    if (!options.secret_file.empty()) {
        const auto read = secret_from(options.secret_file);
        if (!read) return complain(globals, read.error());
        secret = *read;
    }
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());

    net::io_context loop{1};
    Receiver receiver{loop, globals, std::move(secret), ack_after, options.by, std::move(*api)};
    io::http::ServerOptions server_options;
    server_options.address = listen->first;
    server_options.port = listen->second;
    server_options.body_bytes_max = 1024 * 1024;
    io::http::Server server{
        loop.get_executor(),
        server_options,
        [&receiver](io::http::Request request) { return receiver.take(std::move(request)); }
    };
    const auto port = server.start();
    if (!port) return complain(globals, port.error());
    *globals.out << fmt::format("listening http://{}:{}", listen->first, *port) << '\n'
                 << std::flush;
    const auto stop = stop_on_signals();
    while (!stop()) loop.run_for(std::chrono::milliseconds{50});
    return Exit::fine;
}

}  // namespace surged::app::cli
