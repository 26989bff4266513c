#include "io/source/csv/client.hpp"

#include "base/log.hpp"
#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"
#include "io/source/csv/file.hpp"
#include "io/source/csv/tell.hpp"
#include "io/source/told_state.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace surged::io::csv {
namespace {

constexpr std::size_t bytes_max = 16U << 20;
constexpr std::size_t slice_bytes = 65'536;  // then others have their turn
constexpr std::size_t batch_events = 500;
constexpr Micros history{std::chrono::hours{24}};
constexpr std::size_t mistakes_shown = 3;  // in the status; the log has more

}  // namespace

struct Client::Impl {
    Impl(const net::any_io_executor& executor, ClientOptions o, Sink& s)
        : loop{executor}, options{std::move(o)}, sink{s}, timer{executor} {}

    net::awaitable<void> run();
    net::awaitable<void> read(Stamp stamp);
    net::awaitable<Content> parse(std::string text);
    net::awaitable<void> take(Content content);
    net::awaitable<void> tell_orders(std::vector<Order> rows);
    net::awaitable<void> tell_plan(std::vector<Slot> slots);
    net::awaitable<void> tell_history(std::vector<Slot> slots);
    net::awaitable<void> hold();
    void tell_now();
    void refuse(const Content& content);
    void judge();
    void set_state(bool is_up, std::string words);

    net::any_io_executor loop;
    ClientOptions options;
    Sink& sink;
    net::steady_timer timer;
    Orders orders;
    Staffing staffing;
    std::optional<Stamp> seen, tried;
    std::string content_words;  // of what was read last; empty: nothing was
    std::string trouble{"not read yet"};
    bool stopped{false};
    ToldState told{"not read yet"};
};

net::awaitable<void> Client::Impl::run() {
    co_await net::this_coro::throw_if_cancelled(false);
    while (!stopped) {
        const Result<Stamp> stamp = look(options.path);
        if (!stamp) {
            trouble = fmt::format("waiting for {}: {}", options.path, stamp.error().what);
            seen.reset();
            tried.reset();
        } else if (seen == *stamp && tried != *stamp) {
            tried = *stamp;
            co_await read(*stamp);
        } else {
            seen = *stamp;
        }
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (stopped || cancellation.cancelled() != net::cancellation_type::none) break;
        tell_now();
        judge();
        timer.expires_after(options.poll);
        co_await timer.async_wait(as_result);
    }
}

net::awaitable<void> Client::Impl::read(Stamp stamp) {
    Result<std::string> text = read_whole(options.path, bytes_max, stamp);
    if (!text) {
        std::string words = fmt::format("cannot read {}: {}", options.path, text.error().what);
        if (words != trouble) sink.bad_record("file", words);
        trouble = std::move(words);
        tried.reset();  // again at the next look
        co_return;
    }
    Content content = co_await parse(std::move(*text));
    if (stopped) co_return;
    if (content.mistaken > 0) {
        refuse(content);
        co_return;
    }
    trouble.clear();
    co_await take(std::move(content));
}

net::awaitable<Content> Client::Impl::parse(std::string text) {
    const plan::Zone zone = options.zone();
    Rows rows{text};
    Row header;
    if (!rows.next(header)) {
        Content nothing;
        nothing.mistaken = 1;
        nothing.mistakes.push_back(rows.mistake().value_or(Mistake{{}, "the file is empty"}));
        co_return nothing;
    }
    Sheet sheet{options.kind, options.mapping, zone, header};
    Row row;
    std::size_t turn = slice_bytes;
    while (!stopped && rows.next(row)) {
        sheet.take(row);
        if (rows.read() < turn) continue;
        turn = rows.read() + slice_bytes;
        co_await net::post(loop, net::use_awaitable);
    }
    if (rows.mistake()) sheet.wrong(*rows.mistake());
    co_return sheet.finish();
}

void Client::Impl::refuse(const Content& content) {
    std::string words;
    for (std::size_t i = 0; i < content.mistakes.size(); ++i) {
        const Mistake& each = content.mistakes[i];
        const std::string text =
            fmt::format("{}:{}:{}: {}", options.path, each.at.line, each.at.column, each.what);
        log::line(
            log::Severity::error,
            "csv",
            {
                {"source", options.name},
                {"what",   text        }
        }
        );
        if (i < mistakes_shown) words += (i == 0 ? "" : "; ") + text;
    }
    if (content.mistaken > mistakes_shown)
        words += fmt::format("; and {} more", content.mistaken - mistakes_shown);
    if (!content_words.empty()) words += "; what it said before stays";
    sink.bad_records("table", content.mistaken, content.mistakes.front().what);
    trouble = std::move(words);
}

net::awaitable<void> Client::Impl::take(Content content) {
    content_words = fmt::format("{}: {} rows", options.path, content.rows);
    if (options.kind == Kind::staffing) staffing.load(std::move(content.slots));
    if (options.kind == Kind::plan) co_await tell_plan(std::move(content.slots));
    if (options.kind == Kind::history) co_await tell_history(std::move(content.slots));
    if (options.kind == Kind::complaints) {
        co_await tell_orders(std::move(content.orders));
        content_words += fmt::format(", {} open", orders.open());
    }
    content_words += fmt::format(", read at {}", format_rfc3339(wall_now()));
    sink.heard();
}

net::awaitable<void> Client::Impl::tell_orders(std::vector<Order> rows) {
    acd::Batch batch;
    const std::vector<OrderNews> all = orders.news(std::move(rows), wall_now());
    for (const OrderNews& news : all) {
        const std::string id = id_of(news);
        batch.append(event_of(news, id));
        if (batch.size() < batch_events) continue;
        sink.events(std::exchange(batch, {}));
        co_await hold();
        if (stopped) co_return;
    }
    if (!batch.empty()) sink.events(std::move(batch));
}

// All of it: the newest word on an interval takes the place of those before. What is over is left
// out.
net::awaitable<void> Client::Impl::tell_plan(std::vector<Slot> slots) {
    acd::Batch batch;
    const Wall now = wall_now();
    for (const Slot& slot : slots) {
        if (slot.to.us + history.count() < now.us) continue;
        batch.append(event_of(slot));
        if (batch.size() < batch_events) continue;
        sink.events(std::exchange(batch, {}));
        co_await hold();
        if (stopped) co_return;
    }
    if (!batch.empty()) sink.events(std::move(batch));
}

// All of it, however often: what is known already stays as it is.
net::awaitable<void> Client::Impl::tell_history(std::vector<Slot> slots) {
    acd::Batch batch;
    const Wall now = wall_now();
    for (const Slot& slot : slots) {
        tell_counted(slot, now, batch);
        if (batch.size() < batch_events) continue;
        sink.events(std::exchange(batch, {}));
        co_await hold();
        if (stopped) co_return;
    }
    if (!batch.empty()) sink.events(std::move(batch));
}

// Others have their turn, and the journal its time.
net::awaitable<void> Client::Impl::hold() {
    co_await net::post(loop, net::use_awaitable);
    while (!stopped && options.hold_back && options.hold_back()) {
        timer.expires_after(Micros{20ms});
        co_await timer.async_wait(as_result);
    }
}

void Client::Impl::tell_now() {
    if (options.kind != Kind::staffing || content_words.empty()) return;
    acd::Batch batch;
    staffing.tell(wall_now(), batch);
    if (!batch.empty()) sink.events(std::move(batch));
}

void Client::Impl::judge() {
    if (!trouble.empty()) return set_state(false, trouble);
    const Micros age{wall_now().us - (tried ? tried->changed_ns / 1000 : 0)};
    if (options.stale_after > Micros{0} && age > options.stale_after)
        return set_state(
            false,
            fmt::format(
                "{} was not written for {}", options.path, format_duration(options.stale_after)
            )
        );
    set_state(true, content_words);
}

void Client::Impl::set_state(bool is_up, std::string words) {
    if (told.is_news(is_up, std::move(words))) sink.state(told.up(), true, told.words());
}

Client::Client(net::any_io_executor executor, ClientOptions options, Sink& sink)
    : impl_{std::make_unique<Impl>(executor, std::move(options), sink)} {}

Client::~Client() = default;

net::awaitable<void> Client::run() { return impl_->run(); }

void Client::stop() {
    impl_->stopped = true;
    impl_->timer.cancel();
}

SourceStatus Client::status() const {
    return {
        impl_->options.name,
        "csv",
        impl_->told.up(),
        impl_->told.words(),
        format_rfc3339(impl_->told.since())
    };
}

}  // namespace surged::io::csv
