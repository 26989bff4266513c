#include "app/simulate/feed.hpp"

#include "app/simulate/centre.hpp"
#include "app/simulate/event_lines.hpp"
#include "app/simulate/pbx.hpp"
#include "base/log.hpp"
#include "io/channel/webhook/outcome.hpp"
#include "io/http/client.hpp"
#include "io/runtime/wall_clock.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <thread>

namespace surged::app::simulate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Micros heartbeat_every{10s};

/// A feed that can be lost says that it lives.
bool tells_that_it_lives(const Setup& setup) { return setup.dark.on < setup.dark.off; }

constexpr auto tick = std::chrono::milliseconds{20};
constexpr auto batch_every = std::chrono::milliseconds{100};
constexpr std::size_t batch_bytes_max = 512 * 1024;

/// Time since the start of a run, on a clock that never steps.
class Stopwatch {
public:
    Stopwatch() : wall_{io::wall_now()}, steady_{Clock::now()} {}
    [[nodiscard]] Wall start() const { return wall_; }
    [[nodiscard]] Micros elapsed() const {
        return std::chrono::duration_cast<Micros>(Clock::now() - steady_);
    }
    [[nodiscard]] Wall now() const { return Wall{wall_.us + elapsed().count()}; }
    [[nodiscard]] Clock::time_point when(Micros at) const { return steady_ + at; }

private:
    Wall wall_;
    Clock::time_point steady_;
};

/// Events waiting to be posted, in order, and what came of those that were.
class Outbox {
public:
    explicit Outbox(const ApiOptions& options) : options_{options} {}
    void add(std::string line) { pending_ += line; }
    [[nodiscard]] bool empty() const { return pending_.empty(); }
    [[nodiscard]] std::int64_t lines() const {
        return std::count(pending_.begin(), pending_.end(), '\n');
    }

    /// Posts the oldest whole lines. How long to wait before the next try, if it went wrong.
    std::optional<Micros> post() {
        std::size_t size = pending_.size();
        if (size > batch_bytes_max) size = pending_.rfind('\n', batch_bytes_max) + 1;
        io::http::ClientRequest request;
        request.method = "POST";
        request.url = options_.url + "/api/v1/events";
        request.headers.emplace_back("Content-Type", "application/x-ndjson");
        if (!options_.token.empty())
            request.headers.emplace_back("Authorization", "Bearer " + options_.token);
        request.body = pending_.substr(0, size);
        const auto result = io::http::request_blocking(client_, std::move(request));
        const bool taken = result && (result->status == 200 || result->status == 202);
        const bool again = !result || result->status == 429 || result->status >= 500;
        if (taken || !again) pending_.erase(0, size);
        if (taken) {
            backoff_ = Micros{250ms};
            return std::nullopt;
        }
        const auto why = result ? fmt::format("HTTP {}", result->status) : result.error().what;
        log::line(
            log::Severity::warning,
            "post_failed",
            {
                {"why",   why },
                {"bytes", size}
        }
        );
        if (!again) return std::nullopt;  // the batch itself is refused: it would be so again
        backoff_ = std::min(backoff_ * 2, Micros{10s});
        const auto asked =
            result ? io::webhook::parse_retry_after(result->header("Retry-After"), io::wall_now())
                   : std::nullopt;
        return asked.value_or(backoff_);
    }

private:
    ApiOptions options_;
    io::http::Client client_;
    std::string pending_;
    Micros backoff_{250ms};
};

}  // namespace

Result<Truth> write_events(const Setup& setup, Wall start, std::FILE* out) {
    if (setup.duration <= Micros{0}) return fail("a file needs an end", "give --duration");
    Centre centre{setup};
    Truth truth{setup};
    std::uint64_t sequence = 0;
    const auto put = [out](const std::string& line) {
        return std::fwrite(line.data(), 1, line.size(), out) == line.size();
    };
    Micros beat{0};
    while (const auto happening = centre.next()) {
        for (; tells_that_it_lives(setup) && beat <= happening->at; beat += heartbeat_every) {
            if (setup.dark.on <= beat && beat < setup.dark.off) continue;
            if (!put(heartbeat_line(Wall{start.us + beat.count()}))) break;
        }
        truth.count(*happening, start);
        if (!put(event_lines(setup, *happening, start, ++sequence)))
            return fail("cannot write: " + std::generic_category().message(errno));
    }
    if (std::fflush(out) != 0)
        return fail("cannot write: " + std::generic_category().message(errno));
    return truth;
}

Result<Truth> post_events(
    const Setup& setup, const ApiOptions& options, const std::function<bool()>& stop
) {
    Centre centre{setup};
    Truth truth{setup};
    Outbox outbox{options};
    const Stopwatch watch;
    std::uint64_t sequence = 0;
    auto next = centre.next();
    Clock::time_point not_before = Clock::now();
    std::optional<Clock::time_point> give_up;  // set at the end of the run
    while ((next || !outbox.empty()) && !stop()) {
        if (!next && !give_up) give_up = Clock::now() + options.linger;
        if (give_up && Clock::now() > *give_up)
            return fail(
                fmt::format("{} events at the end were not delivered", outbox.lines()),
                "is surged there? see --url"
            );
        while (next && next->at <= watch.elapsed()) {
            truth.count(*next, watch.start());
            outbox.add(event_lines(setup, *next, watch.start(), ++sequence));
            next = centre.next();
        }
        if (!outbox.empty() && Clock::now() >= not_before) {
            const auto wait = outbox.post();
            not_before = Clock::now() + wait.value_or(Micros{0});
        }
        std::this_thread::sleep_for(batch_every);
    }
    return truth;
}

Result<Truth> act_as_asterisk(
    const Setup& setup, const AmiOptions& options, const std::function<bool()>& stop
) {
    boost::asio::io_context loop{1};
    std::optional<Stopwatch> watch{std::in_place};
    Pbx pbx{setup, watch->start()};
    Manager manager{loop.get_executor(), options.manager, pbx, [&watch] { return watch->now(); }};
    const auto port = manager.listen();
    if (!port) return tl::make_unexpected(port.error());
    if (options.on_listening) options.on_listening(*port);
    while (options.wait && manager.clients() == 0 && !stop()) loop.run_for(tick);

    watch.emplace();
    pbx.begin(watch->start());
    Centre centre{setup};
    Truth truth{setup};
    while (const auto happening = centre.next()) {
        while (watch->elapsed() < happening->at && !stop())
            loop.run_until(std::min(watch->when(happening->at), Clock::now() + tick));
        if (stop()) break;
        truth.count(*happening, watch->start());
        manager.publish(pbx.apply(*happening));
        loop.poll();
    }
    const auto until = Clock::now() + options.linger;
    while (Clock::now() < until && !stop()) loop.run_for(tick);
    manager.close();
    loop.run_for(std::chrono::milliseconds{200});  // lets the last bytes go
    return truth;
}

}  // namespace surged::app::simulate
