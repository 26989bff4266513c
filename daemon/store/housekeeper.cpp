#include "store/housekeeper.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace surged::store {

Housekeeper::Housekeeper(
    Options options, KeepingRules rules, KeeperPlan plan, MakeImage make, KeeperEvents events
)
    : options_{std::move(options)},
      rules_{rules},
      plan_{plan},
      make_{std::move(make)},
      events_{std::move(events)},
      thread_{[this] { run(); }} {}

Housekeeper::~Housekeeper() { close(); }

void Housekeeper::make_image_now() {
    const std::lock_guard guard{mutex_};
    image_wanted_ = true;
    wake_.notify_one();
}

void Housekeeper::close() {
    {
        const std::lock_guard guard{mutex_};
        closing_ = true;
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void Housekeeper::run() {
    const auto start = Clock::now();
    const auto job = [&](Micros every, std::function<Status(Housekeeping&)> work) {
        return Job{every, std::move(work), start + every};
    };
    std::array jobs{
        job(plan_.image_every, [this](Housekeeping& k) { return make_image(k); }),
        job(plan_.checkpoint_every, [](Housekeeping& k) { return k.checkpoint(); }),
        job(plan_.pack_every,
            [](Housekeeping& k) -> Status {
                if (auto packed = k.pack(); !packed)
                    return tl::make_unexpected(std::move(packed.error()));
                return {};
            }),
        job(plan_.delete_every,
            [](Housekeeping& k) -> Status {
                if (auto deleted = k.delete_old(); !deleted)
                    return tl::make_unexpected(std::move(deleted.error()));
                return k.delete_rules();
            }),
    };
    std::unique_lock guard{mutex_};
    for (;;) {
        const auto next = std::min_element(jobs.begin(), jobs.end(), [](auto& a, auto& b) {
                              return a.due < b.due;
                          })->due;
        wake_.wait_until(guard, next, [this] { return closing_ || image_wanted_; });
        if (closing_) return;
        if (std::exchange(image_wanted_, false)) jobs[0].due = Clock::now();
        guard.unlock();
        for (Job& due : jobs)
            if (due.due <= Clock::now()) do_job(due);
        guard.lock();
    }
}

void Housekeeper::do_job(Job& job) {
    Status done;
    if (!keeping_) {
        if (auto opened = Housekeeping::open(options_, rules_); opened) {
            keeping_.emplace(std::move(*opened));
        } else {
            done = tl::make_unexpected(std::move(opened.error()));
        }
    }
    if (keeping_) done = job.work(*keeping_);
    job.due = Clock::now() + job.every;
    if (!done) {
        keeping_.reset();
        if (!job.failing && events_.on_error) events_.on_error(done.error());
    }
    job.failing = !done;
}

Status Housekeeper::make_image(const Housekeeping& keeping) {
    auto made = keeping.make_image(make_);
    if (!made) return tl::make_unexpected(std::move(made.error()));
    if (made->difference) {
        if (events_.on_difference) events_.on_difference(*made->difference);
    } else if (made->seq != 0 && events_.on_image) {
        events_.on_image(made->seq);
    }
    return {};
}

}  // namespace surged::store
