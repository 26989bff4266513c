// What is still to happen in a simulated world, in order of time; and the alarms of the daemon that
// lives in it.
#pragma once

#include "app/alarm.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace surged::worlds {

class Agenda {
public:
    using Work = std::function<void()>;
    /// Names one entry; those of one instant come in the order in which they were entered.
    struct Ticket {
        Micros at{0};
        std::uint64_t number{0};
        auto operator<=>(const Ticket&) const = default;
    };

    [[nodiscard]] Micros now() const { return now_; }
    /// Entries done so far.
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

    Ticket at(Micros when, Work work) {
        const Ticket ticket{std::max(when, now_), ++entered_};
        work_.emplace(ticket, std::move(work));
        return ticket;
    }
    Ticket after(Micros wait, Work work) { return at(now_ + wait, std::move(work)); }
    void cancel(const Ticket& ticket) { work_.erase(ticket); }
    [[nodiscard]] std::optional<Micros> next() const {
        return work_.empty() ? std::nullopt : std::optional{work_.begin()->first.at};
    }
    /// Does the next entry.
    void step() {
        auto entry = work_.extract(work_.begin());
        now_ = entry.key().at;
        ++steps_;
        entry.mapped()();
    }

private:
    std::map<Ticket, Work> work_;
    Micros now_{0};
    std::uint64_t entered_{0}, steps_{0};
};

/// An alarm of the drivers, in the world's time.
class AgendaAlarm final : public app::Alarm {
public:
    explicit AgendaAlarm(Agenda& agenda) : agenda_{agenda} {}
    AgendaAlarm(const AgendaAlarm&) = delete;
    AgendaAlarm& operator=(const AgendaAlarm&) = delete;
    ~AgendaAlarm() override { agenda_.cancel(set_); }
    void set(Micros after, std::function<void()> ring) override {
        agenda_.cancel(set_);
        set_ = agenda_.after(after, std::move(ring));
    }
    void cancel() override { agenda_.cancel(set_); }

private:
    Agenda& agenda_;
    Agenda::Ticket set_;
};

}  // namespace surged::worlds
