#include "simulation/worlds/disk.hpp"

#include <algorithm>
#include <utility>

namespace surged::worlds {

SlowJournal::SlowJournal(
    Agenda& agenda,
    Random& random,
    const DiskWeather& weather,
    test::MemoryVfs& files,
    std::unique_ptr<store::Writer> writer,
    OnDurable on_durable,
    OnDark on_dark
)
    : agenda_{agenda},
      random_{random},
      weather_{weather},
      files_{files},
      writer_{std::move(writer)},
      on_durable_{std::move(on_durable)},
      on_dark_{std::move(on_dark)} {}

SlowJournal::~SlowJournal() {
    for (const Waiting& one : waiting_) agenda_.cancel(one.ticket);
}

void SlowJournal::append(store::Commit commit, store::Done done) {
    const auto width = static_cast<std::uint64_t>((weather_.most - weather_.least).count());
    const Micros takes =
        weather_.least + Micros{static_cast<std::int64_t>(random_.below(width + 1))};
    busy_until_ = std::max(busy_until_, agenda_.now()) + takes;
    Waiting one{std::move(commit), std::move(done), busy_until_ - agenda_.now(), {}};
    one.ticket = agenda_.at(busy_until_, [this] { finish(); });
    waiting_.push_back(std::move(one));
}

std::string SlowJournal::write(const store::Commit& commit) {
    std::string refusal = writer_->write({&commit}).front();
    if (refusal.empty())
        on_durable_(commit);
    else if (files_.dark())
        on_dark_(commit);
    return refusal;
}

void SlowJournal::finish() {
    Waiting one = std::move(waiting_.front());
    waiting_.pop_front();
    store::Committed result;
    result.error = write(one.commit);
    result.durable = result.error.empty();
    if (files_.dark()) return;
    result.ready = !result.durable && writer_->ready();
    result.took = one.takes;
    one.done(std::move(result));
}

void SlowJournal::die() {
    for (const Waiting& one : waiting_) {
        agenda_.cancel(one.ticket);
        const auto fate = random_.below(3);
        if (fate == 0) break;  // they are in order
        if (fate == 1) files_.lose_power_at(1 + random_.below(3));
        if (!write(one.commit).empty()) break;
    }
    for (const Waiting& one : waiting_) agenda_.cancel(one.ticket);
    waiting_.clear();
}

}  // namespace surged::worlds
