#include "simulation/worlds/office.hpp"

#include "core/delivery/delivery.hpp"
#include "io/channel/channel.hpp"
#include "simulation/worlds/rules.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace surged::worlds {
namespace net = boost::asio;

namespace {

/// Hands the waiting coroutine over to the office.
struct Park {
    Park(Office& o, std::uint64_t n) : office{&o}, number{n} {}
    template <class Handler>
    void operator()(Handler&& handler) const {
        auto kept = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
        office->park(number, [kept] { std::move (*kept)(); });
    }
    Office* office;
    std::uint64_t number;
};

class Receiver final : public io::Channel {
public:
    Receiver(Office& office, std::string name) : office_{office}, name_{std::move(name)} {}

    net::awaitable<engine::Receipt> deliver(delivery::Page page) override {
        const std::uint64_t number = office_.begin(name_, page);
        const Park park{office_, number};
        co_await net::async_initiate<const net::use_awaitable_t<>&, void()>(
            park, net::use_awaitable
        );
        co_return office_.receipt(number);
    }

private:
    Office& office_;
    std::string name_;
};

}  // namespace

Office::Office(Agenda& agenda, std::uint64_t seed, Checks& checks, Hooks hooks)
    : agenda_{agenda}, random_{seed}, checks_{checks}, hooks_{std::move(hooks)} {}

app::Channels Office::channels() {
    app::Channels out;
    for (const char* name : worlds::channels) out[name] = std::make_shared<Receiver>(*this, name);
    return out;
}

Micros Office::between(Micros least, Micros most) {
    const auto width = static_cast<std::uint64_t>((most - least).count());
    return least + Micros{static_cast<std::int64_t>(random_.below(width))};
}

Office::Fate Office::fate(Mood mood) {
    using delivery::Outcome;
    switch (mood) {
        case Mood::good:
            break;
        case Mood::failing:
            return {Outcome::retry, between(10ms, 2s), {}, false};
        case Mood::hanging:  // the channel's own deadline
            return {Outcome::unknown, 10s, {}, random_.below(2) == 0};
        case Mood::limiting:
            return {Outcome::rate_limited, between(10ms, 1s), between(1s, 2min), false};
        case Mood::slow:  // later than anybody waits, at times
            return {Outcome::accepted, between(5s, 90s), {}, true};
        case Mood::refusing:
            return {Outcome::bad_channel, between(10ms, 1s), {}, false};
    }
    return {Outcome::accepted, between(20ms, 400ms), {}, true};
}

std::uint64_t Office::begin(const std::string& channel, const delivery::Page& page) {
    if (const engine::Engine* engine = hooks_.engine())
        checks_.sending(*engine, page, agenda_.now(), hooks_.well());
    const Fate fate = this->fate(moods_[channel]);
    const std::uint64_t number = ++numbers_;
    Attempt& attempt = attempts_[number];
    attempt.page = page;
    attempt.receipt = {page.id, page.attempts, fate.outcome, fate.retry_after, "simulated"};
    const Micros arrives = fate.takes * static_cast<int>(1 + random_.below(8)) / 10;
    if (fate.arrives)
        agenda_.after(arrives, [this, page] {
            checks_.arrived(page, agenda_.now());
            read(page);
        });
    agenda_.after(fate.takes, [this, number] { answer(number); });
    // An answer that comes later than the engine waits for one leaves the page in doubt; it counts
    // from the release, a commit before this.
    if (fate.takes + 2s >= delivery::receipt_wait)
        checks_.answered(page, std::nullopt, agenda_.now());
    hooks_.on_sending();
    return number;
}

void Office::park(std::uint64_t number, std::function<void()> resume) {
    const auto it = attempts_.find(number);
    if (it != attempts_.end()) it->second.resume = std::move(resume);
}

void Office::answer(std::uint64_t number) {
    const auto it = attempts_.find(number);
    if (it == attempts_.end()) return;
    checks_.answered(it->second.page, it->second.receipt.outcome, agenda_.now());
    it->second.heard = true;
    if (auto resume = std::exchange(it->second.resume, nullptr)) resume();
}

engine::Receipt Office::receipt(std::uint64_t number) {
    auto attempt = attempts_.extract(number);
    return std::move(attempt.mapped().receipt);
}

void Office::daemon_gone() { attempts_.clear(); }

void Office::read(const delivery::Page& page) {
    if (random_.uniform() >= awake_) return;
    agenda_.after(between(5s, 5min), [this, page] { take(page, 5); });
}

void Office::take(const delivery::Page& page, int tries) {
    if (hooks_.engine() == nullptr) {  // the link does not open: once more in a while
        if (tries > 0) agenda_.after(30s, [this, page, tries] { take(page, tries - 1); });
        return;
    }
    checks_.taking(page.id);
    hooks_.take(page, [this, page](bool done, bool durable) {
        if (done) checks_.taken(page.id, durable);
    });
}

}  // namespace surged::worlds
