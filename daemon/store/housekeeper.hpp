// The housekeeping thread: does the jobs of Housekeeping when they are due.
#pragma once

#include "store/housekeeping.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace surged::store {

struct KeeperPlan {
    Micros checkpoint_every{1s};
    Micros image_every{10min};
    Micros pack_every{1s};
    Micros delete_every{10min};
};

/// All are called on the housekeeping thread, and may be empty.
struct KeeperEvents {
    std::function<void(const Difference&)> on_difference;
    /// A job failed; said once until it has succeeded again.
    std::function<void(const Error&)> on_error;
    std::function<void(std::uint64_t seq)> on_image;
};

class Housekeeper {
public:
    /// The journal must be open already (it makes and migrates the file).
    Housekeeper(
        Options options, KeepingRules rules, KeeperPlan plan, MakeImage make, KeeperEvents events
    );
    ~Housekeeper();
    Housekeeper(const Housekeeper&) = delete;
    Housekeeper& operator=(const Housekeeper&) = delete;

    /// An image as soon as possible, not when its time comes.
    void make_image_now();
    /// Finishes the job in hand and ends the thread. Close it before the journal.
    void close();

private:
    using Clock = std::chrono::steady_clock;
    struct Job {
        Micros every;
        std::function<Status(Housekeeping&)> work;
        Clock::time_point due;
        bool failing{false};
    };
    void run();
    void do_job(Job& job);
    Status make_image(const Housekeeping& keeping);

    const Options options_;
    const KeepingRules rules_;
    const KeeperPlan plan_;
    const MakeImage make_;
    const KeeperEvents events_;
    std::optional<Housekeeping> keeping_;  // of the thread; opened anew after a failure

    std::mutex mutex_;
    std::condition_variable wake_;
    bool closing_{false};
    bool image_wanted_{false};
    std::thread thread_;  // last: it uses everything above
};

}  // namespace surged::store
