// Rules from files into force, while surged runs: read off the loop, and held back for a second
// person where the site asks for one.
//
// What waits is the set that was read and compared, not the files: what the second person has seen
// is what comes into force. On the loop's thread; reading and comparing on the worker.
#pragma once

#include "app/live.hpp"
#include "app/moment.hpp"
#include "io/api/rules_desk.hpp"
#include "store/journal.hpp"
#include "store/options.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surged::app {

struct ReloaderOptions {
    /// Reads and checks the rules; every mistake in Error::what. Runs on the worker.
    std::function<Result<NewRules>()> read;
    /// Runs a job on the housekeeping thread.
    std::function<void(std::function<void()>)> on_worker;
    store::Options store;          // where versions are read from
    Micros confirm_within{15min};  // a second person has so long
};

/// The hash that is meant by a hash or the beginning of one; `version` itself if none is known. An
/// error names all that it could be.
[[nodiscard]] Result<std::string> version_meant(
    const std::vector<store::RulesLoad>& loads, const std::string& version
);

class Reloader : public io::RulesDesk {
public:
    /// `live` must outlive it.
    Reloader(boost::asio::any_io_executor loop, Live& live, ReloaderOptions options);

    [[nodiscard]] boost::asio::awaitable<io::ReloadAnswer> reload(io::ReloadAsked asked) override;
    [[nodiscard]] const std::optional<io::PendingReload>& pending() const override {
        return pending_;
    }
    [[nodiscard]] boost::asio::awaitable<Result<io::RulesComparison>> compare(
        std::string from, std::string to
    ) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<io::RulesVersion>>> versions() override;
    [[nodiscard]] boost::asio::awaitable<Result<io::RulesFiles>> text(std::string version) override;

    /// No more timers.
    void stop();

private:
    /// A set and the files it was made from.
    struct Side {
        std::string hash;
        plan::Rules rules;
        io::RulesFiles files;
    };
    using Found = Result<Side>;
    /// What came of the commit; without it the rules are in force all the same.
    struct Settled : Moment {
        using Moment::Moment;
        void come(bool is_durable) {
            durable = is_durable;
            Moment::come();
        }
        bool durable{true};
    };

    [[nodiscard]] io::ReloadAnswer take(
        NewRules made, io::ReloadAsked asked, const std::shared_ptr<Settled>& committed
    );
    [[nodiscard]] io::ReloadAnswer hold(NewRules made, io::ReloadAsked asked, std::string because);
    [[nodiscard]] io::ReloadAnswer confirm(
        const io::ReloadAsked& asked, const std::shared_ptr<Settled>& committed
    );
    [[nodiscard]] std::string why_two() const;
    void drop(const char* why);
    void tell_pending();
    /// How to come by a side, on the worker.
    [[nodiscard]] std::function<Found()> finder(const std::string& which) const;

    boost::asio::any_io_executor loop_;
    Live& live_;
    ReloaderOptions options_;
    std::optional<io::PendingReload> pending_;
    NewRules held_;        // what is pending
    engine::Actor first_;  // who asked for it
    std::string first_token_;
    boost::asio::steady_timer lapse_;
    std::uint32_t count_{0};
};

}  // namespace surged::app
