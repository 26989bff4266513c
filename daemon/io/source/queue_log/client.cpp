#include "io/source/queue_log/client.hpp"

#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"
#include "io/source/queue_log/follow.hpp"
#include "io/source/queue_log/watch.hpp"
#include "io/source/text.hpp"
#include "io/source/told_state.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace surged::io::queue_log {
namespace {

constexpr Micros grace{5s};  // for a file that was moved away to come anew
constexpr Micros held_back_for{20ms};
constexpr std::size_t remember_bytes = 4U << 20;  // before the cursor: who pauses, who talks
constexpr std::size_t delayed_bytes_max = 16U << 20;

/// The parts that are safe to show: no caller stands in them.
std::string excerpt_of(std::string_view line) {
    std::size_t end = 0;
    for (int bars = 0; bars < 5 && end < line.size(); ++end)
        if (line[end] == '|') ++bars;
    return safe_excerpt(line.substr(0, end));
}

DecoderOptions decoder_options(ClientOptions& options) {
    return {std::move(options.caller_hash), std::move(options.members), !options.companion};
}

}  // namespace

struct Client::Impl {
    Impl(net::any_io_executor executor, ClientOptions o, std::unique_ptr<Files> f, Sink& s);

    net::awaitable<void> run();
    net::awaitable<void> read_all();
    net::awaitable<void> wait();
    void begin();
    void take(const Step& step);
    void hand_over(acd::Batch batch);
    void release(Steady now);
    void tell(const Step& step);
    void set_state(bool is_up, std::string words);
    void settle();
    [[nodiscard]] acd::Event cursor_event();

    net::any_io_executor loop;
    ClientOptions options;
    Sink& sink;
    std::unique_ptr<Files> files;
    Follower follower;
    Decoder decoder;
    net::steady_timer wake;
    Watch watch;
    std::string cursor;  // text of the last cursor event
    struct Delayed {
        Steady until;
        acd::Batch batch;
    };
    std::deque<Delayed> delayed;
    std::size_t delayed_bytes{0};
    std::function<void()> settled;
    bool was_settled{false};
    bool stopped{false};
    std::optional<Steady> missing_since;
    ToldState told{""};  // in no words before the first look
};

Client::Impl::Impl(
    net::any_io_executor executor, ClientOptions o, std::unique_ptr<Files> f, Sink& s
)
    : loop{executor},
      options{std::move(o)},
      sink{s},
      files{std::move(f)},
      follower{*files, options.path},
      decoder{decoder_options(options)},
      wake{executor},
      watch{executor, [this] { wake.cancel(); }} {}

net::awaitable<void> Client::Impl::run() {
    co_await net::this_coro::throw_if_cancelled(false);
    begin();
    while (!stopped) {
        watch.aim(options.path);
        co_await read_all();
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (cancellation.cancelled() != net::cancellation_type::none) break;
        if (!stopped) co_await wait();
    }
    watch.stop();
}

void Client::Impl::begin() {
    const auto known = Cursor::parse(options.cursor);
    if (!known) {
        if (!options.cursor.empty()) sink.bad_record("bad_cursor", options.cursor);
        if (options.from_end) follower.begin_at_end();
        return;
    }
    follower.resume(*known);
    cursor = options.cursor;
    // What was read before the stop has been counted; who pauses and who talks is in it.
    acd::Batch counted;
    const std::string before = options.companion ? std::string{} : follower.before(remember_bytes);
    for (std::string_view rest = before; !rest.empty();) {
        const auto feed = std::min(rest.find('\n'), rest.size() - 1);
        static_cast<void>(decoder.decode(rest.substr(0, feed), counted));
        counted.clear();
        rest.remove_prefix(feed + 1);
    }
    decoder.resume(known->newest);
}

// Piece by piece: in between, others have their turn.
net::awaitable<void> Client::Impl::read_all() {
    while (!stopped) {
        release(steady_now());
        if (options.hold_back && options.hold_back()) {
            wake.expires_after(held_back_for);
            co_await wake.async_wait(as_result);
            continue;
        }
        const Step step = follower.next();
        if (!step.bad.empty())
            sink.bad_record(std::string{step.bad}, safe_excerpt(follower.words()));
        tell(step);
        if (step.kind != Step::Kind::lines) break;
        take(step);
        co_await net::post(loop, net::use_awaitable);
    }
}

net::awaitable<void> Client::Impl::wait() {
    Steady until = steady_now() + options.poll;
    if (!delayed.empty()) until = std::min(until, delayed.front().until);
    wake.expires_at(until);
    co_await wake.async_wait(as_result);
}

void Client::Impl::take(const Step& step) {
    acd::Batch batch;
    acd::Batch words;
    const bool hurry = options.companion && was_settled;
    for (std::string_view rest = step.lines; !rest.empty();) {
        const auto feed = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, feed);
        const std::string_view bad = decoder.decode(line, batch, hurry ? &words : nullptr);
        if (!bad.empty()) sink.bad_record(std::string{bad}, excerpt_of(line));
        rest.remove_prefix(std::min(feed + 1, rest.size()));
    }
    batch.append(cursor_event());
    if (!words.empty()) sink.events(std::move(words));
    hand_over(std::move(batch));
}

acd::Event Client::Impl::cursor_event() {
    Cursor now = follower.cursor();
    now.newest = decoder.newest();
    cursor = now.text();
    acd::Event event;
    event.type = acd::EventType::heartbeat;
    if (now.newest.us > 0) event.ts = now.newest;
    event.cursor = cursor;
    return event;
}

// The first reading counts at once: the main source waits for it.
void Client::Impl::hand_over(acd::Batch batch) {
    if (!options.companion || !was_settled) return sink.events(std::move(batch));
    const Micros age{wall_now().us - decoder.newest().us};
    const Micros wait =
        std::clamp(options.companion_delay - age, Micros{0}, options.companion_delay);
    const Steady last = delayed.empty() ? Steady{} : delayed.back().until;
    delayed_bytes += batch.bytes().size();
    delayed.push_back({std::max(last, steady_now() + wait), std::move(batch)});
    release(steady_now());
}

void Client::Impl::release(Steady now) {
    while (!delayed.empty() && (delayed.front().until <= now || delayed_bytes > delayed_bytes_max)
    ) {
        acd::Batch batch = std::move(delayed.front().batch);
        delayed.pop_front();
        delayed_bytes -= batch.bytes().size();
        sink.events(std::move(batch));
    }
}

void Client::Impl::tell(const Step& step) {
    if (step.kind == Step::Kind::lines) return;
    if (step.kind == Step::Kind::trouble) {
        set_state(false, follower.words());
        return settle();
    }
    if (!follower.missing()) missing_since.reset();
    if (follower.missing() && !missing_since) missing_since = steady_now();
    const bool away = missing_since && steady_now() >= *missing_since + grace;
    if (away) {
        set_state(false, follower.words());
    } else if (!missing_since || !told.up()) {
        // Where reading begins is kept before anything is read: a kill in between skips nothing.
        if (cursor.empty()) {
            acd::Batch where;
            where.append(cursor_event());
            hand_over(std::move(where));
        }
        set_state(true, fmt::format("following {}", options.path));
    }
    settle();
}

void Client::Impl::set_state(bool is_up, std::string words) {
    if (told.is_news(is_up, std::move(words))) sink.state(told.up(), true, told.words());
}

void Client::Impl::settle() {
    was_settled = true;
    if (settled) std::exchange(settled, nullptr)();
}

Client::Client(
    net::any_io_executor executor, ClientOptions options, std::unique_ptr<Files> files, Sink& sink
)
    : impl_{std::make_unique<Impl>(std::move(executor), std::move(options), std::move(files), sink)
      } {}

Client::~Client() = default;

net::awaitable<void> Client::run() { return impl_->run(); }

void Client::stop() {
    impl_->stopped = true;
    impl_->watch.stop();
    impl_->wake.cancel();
}

SourceStatus Client::status() const {
    const std::string words =
        impl_->told.words().empty() ? "not read yet" : impl_->follower.words();
    return SourceStatus{
        impl_->options.name,
        "queue_log",
        impl_->told.up(),
        words,
        format_rfc3339(impl_->told.since())
    };
}

void Client::when_settled(std::function<void()> then) {
    if (impl_->was_settled) return then();
    impl_->settled = std::move(then);
}

}  // namespace surged::io::queue_log
