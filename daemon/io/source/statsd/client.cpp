#include "io/source/statsd/client.hpp"

#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"
#include "io/source/statsd/receiver.hpp"
#include "io/source/told_state.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::io::statsd {
namespace {

constexpr Micros again_after{5s};
constexpr std::size_t slice_bytes = 32'768;  // about a thousand lines; then others have their turn

}  // namespace

struct Client::Impl {
    Impl(const net::any_io_executor& executor, ClientOptions o, Sink& s)
        : loop{executor},
          options{std::move(o)},
          sink{s},
          receiver{executor},
          table{options.rules},
          timer{executor} {}

    net::awaitable<void> run();
    net::awaitable<error_code> receive();
    void arm();
    void flush();
    void tell_bad();
    void set_state(bool is_up, std::string trouble);
    [[nodiscard]] std::string words() const;

    net::any_io_executor loop;
    ClientOptions options;
    Sink& sink;
    Receiver receiver;
    Table table;
    net::steady_timer timer;
    Steady flushed, heard;
    bool came{false};  // since the last flush
    std::uint64_t lines{0}, used{0}, bad{0}, drops{0};
    std::string last_bad;  // "value: x:abc|g"
    bool stopped{false};
    ToldState told{"not started"};
};

net::awaitable<void> Client::Impl::run() {
    co_await net::this_coro::throw_if_cancelled(false);
    while (!stopped) {
        const Status opened = receiver.open(options.address, options.port, options.buffer);
        std::string why = opened ? "" : opened.error().what;
        if (opened) {
            flushed = heard = steady_now();
            set_state(true, "");
            arm();
            const error_code failed = co_await receive();
            timer.cancel();
            why = fmt::format("cannot receive: {}", failed.message());
        }
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (stopped || cancellation.cancelled() != net::cancellation_type::none) break;
        set_state(false, std::move(why));
        timer.expires_after(again_after);
        co_await timer.async_wait(as_result);
    }
    receiver.close();
}

net::awaitable<error_code> Client::Impl::receive() {
    error_code failed;
    std::size_t bytes = 0;
    while (!stopped && !failed) {
        const auto& datagrams = receiver.read(failed);
        if (datagrams.empty() && !failed) failed = co_await receiver.wait();
        for (const std::string_view datagram : datagrams) {
            came = true;
            table.take(datagram);
            bytes += datagram.size();
            if (bytes < slice_bytes) continue;
            bytes = 0;
            co_await net::post(loop, net::use_awaitable);
            if (stopped) break;
        }
    }
    co_return failed;
}

void Client::Impl::arm() {
    timer.expires_at(flushed + options.flush);
    timer.async_wait([this](const error_code& cancelled) {
        if (cancelled || stopped) return;
        flush();
        arm();
    });
}

void Client::Impl::flush() {
    const Steady now = steady_now();
    acd::Batch batch;
    table.flush(std::chrono::duration_cast<Micros>(now - flushed), batch);
    flushed = now;
    tell_bad();
    if (std::exchange(came, false)) {
        heard = now;
        if (!told.up()) set_state(true, "");
        sink.heard();
    }
    if (!batch.empty()) sink.events(std::move(batch));
    if (told.up() && options.stale_after > Micros{0} && now - heard > options.stale_after)
        set_state(false, fmt::format("nothing heard for {}", format_duration(options.stale_after)));
}

void Client::Impl::tell_bad() {
    const Counts counts = table.take_counts();
    lines += counts.lines;
    used += counts.used;
    for (std::size_t i = 0; i < bads; ++i) {
        if (counts.bad[i] == 0) continue;
        const std::string_view reason = name_of(static_cast<Bad>(i));
        bad += counts.bad[i];
        last_bad = fmt::format("{}: {}", reason, counts.last[i]);
        sink.bad_records(std::string{reason}, counts.bad[i], counts.last[i]);
    }
    const std::uint64_t dropped = receiver.take_drops();
    if (dropped == 0) return;
    drops += dropped;
    sink.bad_records(
        "kernel_drop",
        dropped,
        fmt::format("the receive buffer of {} bytes was full", receiver.buffer())
    );
}

// What was counted is in the words for people, and no news.
void Client::Impl::set_state(bool is_up, std::string trouble) {
    if (told.is_news(is_up, std::move(trouble))) sink.state(told.up(), true, words());
}

std::string Client::Impl::words() const {
    if (!told.up()) return told.words();
    std::string out = fmt::format("listening on {}:{}", options.address, receiver.port());
    if (receiver.buffer() < options.buffer)
        out += fmt::format(
            " with a buffer of {} bytes instead of {}: raise net.core.rmem_max",
            receiver.buffer(),
            options.buffer
        );
    if (lines > 0)
        out += fmt::format("; {} lines, {} of use in {} series", lines, used, table.series());
    if (bad > 0) out += fmt::format("; {} refused, the last for {}", bad, last_bad);
    if (drops > 0) out += fmt::format("; {} datagrams dropped by the kernel", drops);
    return out;
}

Client::Client(net::any_io_executor executor, ClientOptions options, Sink& sink)
    : impl_{std::make_unique<Impl>(executor, std::move(options), sink)} {}

Client::~Client() = default;

net::awaitable<void> Client::run() { return impl_->run(); }

void Client::stop() {
    impl_->stopped = true;
    impl_->timer.cancel();
    impl_->receiver.close();
}

SourceStatus Client::status() const {
    return {
        impl_->options.name,
        "statsd",
        impl_->told.up(),
        impl_->words(),
        format_rfc3339(impl_->told.since())
    };
}

std::uint16_t Client::port() const { return impl_->told.up() ? impl_->receiver.port() : 0; }
std::uint64_t Client::lines() const { return impl_->lines; }
std::uint64_t Client::drops() const { return impl_->drops; }

}  // namespace surged::io::statsd
