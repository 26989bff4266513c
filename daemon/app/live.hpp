// The live driver: feeds inputs to the engine one at a time, commits, and lets the effects go.
//
// Everything here runs on the loop thread. Readers (API, exporter) look at the const engine between
// steps.
#pragma once

#include "app/committer.hpp"
#include "app/courier.hpp"
#include "app/sequencer.hpp"
#include "core/engine/engine.hpp"
#include "io/api/host.hpp"
#include "io/source/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surged::app {

/// New rules, read and checked off the loop.
struct NewRules {
    plan::Rules rules;
    store::RulesRecord record;
};

struct LiveOptions {
    std::string site;
    bool record_state_hash{false};  // test setting
    Micros wall_every{1s};          // the wall clock is looked at so often
};

class Live : public io::Host {
public:
    Live(
        boost::asio::any_io_executor loop,
        engine::Engine engine,
        std::uint64_t last_seq,
        Instant last_instant,
        store::Journal& journal,
        Channels channels,
        Clock clock,
        LiveOptions options
    );
    ~Live() override;

    /// First inputs of a run: what is in doubt is marked, `rules` are loaded if they differ.
    /// `lost`: records that could not be recovered, in words; a gap and a full snapshot then come
    /// first.
    void start(const NewRules& rules, const std::string& lost);
    /// A sink for one source; lives as long as Live. `status` answers /readyz.
    io::Sink& add_source(std::string name, std::function<io::SourceStatus()> status);
    void set_status(const std::string& source, std::function<io::SourceStatus()> status);
    /// A part that /readyz names beside the store, sources and channels.
    void set_component(io::Component component);
    void drop_component(const std::string& name);
    /// From here on these rules are in force: who asked for them, why, who agreed. Nothing but a
    /// good word in /readyz if they are already. `done`: after the commit; without it nobody waits.
    void load(
        const NewRules& rules,
        engine::Actor actor,
        const std::string& why,
        const std::string& second,
        std::function<void(bool durable)> done
    );
    /// What was read is wrong: /readyz and the log say so, the rules in force stay.
    void refuse_rules(const std::string& why);
    /// What was read is good, and waits: nothing is refused any more.
    void rules_are_good();
    [[nodiscard]] Wall wall() const { return clock_.wall(); }
    /// Steps without anybody waiting for the answer.
    void take(engine::Input input, std::vector<store::RulesRecord> rules = {});
    /// Steps, and `answered` on the loop when the commit is settled.
    void ask(engine::Input input, std::function<void(io::Submitted)> answered);
    /// Stops the timers, commits what waits, waits for the receipts of attempts under way and
    /// commits them too: what is answered now needs no repeat after the next start. `done` on the
    /// loop; without it the receipts are lost, and no page is.
    void stop(std::function<void()> done);

    // io::Host
    [[nodiscard]] const engine::Engine& engine() const override { return engine_; }
    [[nodiscard]] boost::asio::awaitable<io::Submitted> submit(engine::Input input) override;
    void refresh() override;
    [[nodiscard]] std::vector<io::Component> components() const override;
    [[nodiscard]] io::ShellStats stats() const override;
    [[nodiscard]] bool store_up() const { return committer_.up(); }
    [[nodiscard]] std::size_t backlog_bytes() const override;
    void keep_bad(io::BadSeen seen) override;

    [[nodiscard]] std::vector<io::SourceStatus> sources() const;

private:
    class SourceSink;
    struct Figures;
    /// Steps and hands over to the committer; `answered` runs when the commit is settled.
    engine::Step run(
        engine::Input input,
        std::vector<store::RulesRecord> rules,
        bool answer_waits,
        std::function<void(bool durable)> answered
    );
    void tick();
    void arm();
    /// Also before events are applied: a feed dates them by a clock that was stepped with ours.
    void note_wall();
    void watch_wall();
    void tell(const engine::Step& step);
    [[nodiscard]] store::Commit make_repair(const engine::Gap& gap);

    boost::asio::any_io_executor loop_;
    engine::Engine engine_;
    Clock clock_;
    Sequencer sequencer_;
    LiveOptions options_;
    Courier courier_;
    Committer committer_;
    std::map<std::string, std::unique_ptr<SourceSink>> sinks_;
    std::map<std::string, io::Component> components_;
    std::unique_ptr<Figures> figures_;
    std::unique_ptr<Alarm> wake_, wall_;
    std::optional<Instant> armed_;
    bool stopping_{false}, stopped_{false};  // no more deadlines; no more inputs
};

}  // namespace surged::app
