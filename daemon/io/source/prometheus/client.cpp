#include "io/source/prometheus/client.hpp"

#include "io/http/client.hpp"
#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"
#include "io/source/prometheus/answer.hpp"
#include "io/source/prometheus/exposition.hpp"
#include "io/source/text.hpp"
#include "io/source/told_state.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace surged::io::prometheus {
namespace {

constexpr std::size_t answer_max = 1U << 20;
constexpr std::size_t exposition_max = 8U << 20;
constexpr std::size_t samples_max = 1000;    // of one pick
constexpr std::size_t slice_bytes = 65'536;  // of text; then others have their turn

/// What a person calls the pick.
std::string title_of(const Pick& pick) {
    return pick.query.empty() ? pick.metric : fmt::format("query {}", pick.query);
}

}  // namespace

struct Client::Impl {
    Impl(const net::any_io_executor& executor, ClientOptions o, Sink& s);

    /// How one pick fares.
    struct Standing {
        std::optional<Steady> answered;  // with a number, the last time
        std::string why{"not asked yet"};
        std::size_t samples{0};  // of this round
    };

    net::awaitable<void> run();
    net::awaitable<void> ask();
    net::awaitable<void> scrape();
    net::awaitable<Result<std::string>> fetch(http::ClientRequest request);
    void take_line(std::string_view line, acd::Batch& batch);
    void take(std::size_t pick, const Sample& sample, acd::Batch& batch);
    void refuse(std::string_view reason, std::string_view what);
    void judge();
    void set_state(bool is_up, std::string words);

    net::any_io_executor loop;
    ClientOptions options;
    Sink& sink;
    http::Client http;
    net::steady_timer timer;
    std::vector<Standing> standings;
    bool stopped{false};
    ToldState told{"not asked yet"};
};

Client::Impl::Impl(const net::any_io_executor& executor, ClientOptions o, Sink& s)
    : loop{executor},
      options{std::move(o)},
      sink{s},
      timer{executor},
      standings(options.picks.size()) {
    while (options.url.ends_with('/')) options.url.pop_back();
}

net::awaitable<void> Client::Impl::run() {
    co_await net::this_coro::throw_if_cancelled(false);
    while (!stopped) {
        const Steady begun = steady_now();
        for (Standing& standing : standings) standing.samples = 0;
        if (options.server)
            co_await ask();
        else
            co_await scrape();
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (stopped || cancellation.cancelled() != net::cancellation_type::none) break;
        judge();
        timer.expires_at(std::max(begun + options.interval, steady_now()));
        co_await timer.async_wait(as_result);
    }
}

// A query at a time: one that is slow delays only the others of this source.
net::awaitable<void> Client::Impl::ask() {
    for (std::size_t i = 0; i < options.picks.size() && !stopped; ++i) {
        http::ClientRequest request;
        request.method = "POST";
        request.url = options.url + "/api/v1/query";
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.body = query_form(options.picks[i].query);
        request.body_max = answer_max;
        const Result<std::string> body = co_await fetch(std::move(request));
        if (stopped) break;
        Standing& standing = standings[i];
        if (!body) {
            standing.why = body.error().what;
            continue;
        }
        const Result<std::vector<Sample>> samples = parse_answer(*body);
        if (!samples) {
            standing.why = samples.error().what;
            refuse("answer", samples.error().what);
            continue;
        }
        standing.why = "nothing that is a number";
        acd::Batch batch;
        for (const Sample& sample : *samples) take(i, sample, batch);
        if (!batch.empty()) sink.events(std::move(batch));
    }
}

net::awaitable<void> Client::Impl::scrape() {
    http::ClientRequest request;
    request.url = options.url;
    request.headers.emplace_back("Accept", "text/plain;version=0.0.4");
    request.body_max = exposition_max;
    const Result<std::string> body = co_await fetch(std::move(request));
    for (Standing& standing : standings) standing.why = body ? "no such series" : body.error().what;
    if (!body) co_return;
    acd::Batch batch;
    std::size_t since_turn = 0;
    for (std::string_view rest = *body; !rest.empty() && !stopped;) {
        const std::size_t feed = std::min(rest.find('\n'), rest.size());
        take_line(rest.substr(0, feed), batch);
        rest.remove_prefix(std::min(feed + 1, rest.size()));
        since_turn += feed + 1;
        if (since_turn < slice_bytes) continue;
        since_turn = 0;
        co_await net::post(loop, net::use_awaitable);
    }
    if (!batch.empty() && !stopped) sink.events(std::move(batch));
}

net::awaitable<Result<std::string>> Client::Impl::fetch(http::ClientRequest request) {
    request.timeout = options.timeout;
    if (!options.authorization.empty())
        request.headers.emplace_back("Authorization", options.authorization);
    const bool query = options.server;
    http::ClientResult answer = co_await http.request(std::move(request));
    if (!answer) co_return fail(answer.error().what);
    // A server says what is wrong with a query in the body of a 400 or 422.
    const bool in_words = query && (answer->status == 400 || answer->status == 422);
    if (answer->status != 200 && !in_words)
        co_return fail(fmt::format("it answers HTTP {}", answer->status));
    co_return std::move(answer->body);
}

void Client::Impl::take_line(std::string_view line, acd::Batch& batch) {
    SeriesLine series;
    const Seen seen = parse_series(line, series);
    if (seen == Seen::garbage) refuse("text", line);
    if (seen != Seen::series) return;
    std::optional<Labels> labels;
    for (std::size_t i = 0; i < options.picks.size(); ++i) {
        if (options.picks[i].metric != series.name) continue;
        if (!labels && !parse_labels(series.labels, labels.emplace())) return refuse("text", line);
        if (!fits(options.picks[i], *labels)) continue;
        take(i, {*labels, series.value, series.at}, batch);
    }
}

void Client::Impl::take(std::size_t which, const Sample& sample, acd::Batch& batch) {
    const Pick& pick = options.picks[which];
    Standing& standing = standings[which];
    if (!std::isfinite(sample.value)) {
        standing.why = "nothing that is a number";
        return;
    }
    const std::string_view queue = queue_of(pick, sample.labels, options.queue_names);
    if (queue.empty()) {
        standing.why = fmt::format("no label {} names the queue", pick.queue_label);
        return refuse("no_queue", title_of(pick));
    }
    if (!is_plain_name(queue)) return refuse("encoding", queue);
    if (sample.at && sample.at->us + options.stale_after.count() < wall_now().us) {
        standing.why =
            fmt::format("its time is more than {} ago", format_duration(options.stale_after));
        return refuse("stale", title_of(pick));
    }
    if (++standing.samples > samples_max) return refuse("limit", title_of(pick));
    acd::Event event;
    event.type = acd::EventType::gauge;
    event.queue = queue;
    event.name = pick.gauge;
    event.value = sample.value;
    batch.append(event);
}

void Client::Impl::refuse(std::string_view reason, std::string_view what) {
    sink.bad_record(std::string{reason}, safe_excerpt(what));
}

// One round without an answer is no loss: the pick may be asked again before its figure is stale.
void Client::Impl::judge() {
    const Steady now = steady_now();
    std::size_t samples = 0;
    std::size_t lost = 0;
    std::string words;
    for (std::size_t i = 0; i < standings.size(); ++i) {
        Standing& standing = standings[i];
        samples += standing.samples;
        if (standing.samples > 0) standing.answered = now;
        if (standing.answered && now - *standing.answered <= options.stale_after) continue;
        if (++lost == 1) words = fmt::format("{}: {}", title_of(options.picks[i]), standing.why);
    }
    if (samples > 0) sink.heard();
    if (lost > 1) words += fmt::format("; and {} more", lost - 1);
    if (lost > 0) return set_state(false, std::move(words));
    set_state(
        true, fmt::format("asking {} every {}", options.url, format_duration(options.interval))
    );
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
        "prometheus",
        impl_->told.up(),
        impl_->told.words(),
        format_rfc3339(impl_->told.since())
    };
}

}  // namespace surged::io::prometheus
