// The journal of a simulated daemon: the real writer on a disk in memory, as slow or as broken as
// the world's weather has it.
#pragma once

#include "base/random.hpp"
#include "simulation/worlds/agenda.hpp"
#include "simulation/worlds/checks.hpp"
#include "store/writer.hpp"
#include "support/memory_vfs.hpp"

#include <deque>
#include <functional>
#include <memory>

namespace surged::worlds {

struct DiskWeather {
    Micros least{300us}, most{4ms};  // of a commit
};

class SlowJournal final : public store::Journal {
public:
    using OnDurable = std::function<void(const store::Commit&)>;
    /// The machine has no power, and nobody hears of anything any more. This commit is in the
    /// journal or not: the tear may have come behind its last frame.
    using OnDark = std::function<void(const store::Commit&)>;
    SlowJournal(
        Agenda& agenda,
        Random& random,
        const DiskWeather& weather,
        test::MemoryVfs& files,
        std::unique_ptr<store::Writer> writer,
        OnDurable on_durable,
        OnDark on_dark
    );
    SlowJournal(const SlowJournal&) = delete;
    SlowJournal& operator=(const SlowJournal&) = delete;
    ~SlowJournal() override;

    void append(store::Commit commit, store::Done done) override;
    /// The process dies: what is under way is written, or not, or torn in the middle of a page, and
    /// nobody hears of it.
    void die();
    [[nodiscard]] bool idle() const { return waiting_.empty(); }

private:
    struct Waiting {
        store::Commit commit;
        store::Done done;
        Micros takes{0};
        Agenda::Ticket ticket;
    };
    void finish();
    [[nodiscard]] std::string write(const store::Commit& commit);

    Agenda& agenda_;
    Random& random_;
    const DiskWeather& weather_;
    test::MemoryVfs& files_;
    std::unique_ptr<store::Writer> writer_;
    OnDurable on_durable_;
    OnDark on_dark_;
    std::deque<Waiting> waiting_;  // one after the other
    Micros busy_until_{0};
};

}  // namespace surged::worlds
