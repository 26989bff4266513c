// The shell's own figures: commits, steps, reloads, bad records. Private to Live.
#pragma once

#include "app/last_bad.hpp"
#include "app/live.hpp"
#include "app/refusals.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace surged::app {

struct Live::Figures {
    Figures() {
        stats_.commit_buckets.assign(std::size(io::commit_bounds_s) + 1, 0);
        stats_.step_buckets.assign(std::size(io::step_bounds_s) + 1, 0);
        stats_.ack_buckets.assign(std::size(io::ack_bounds_s) + 1, 0);
    }

    void committed(const store::Committed& done) {
        ++stats_.commits;
        count(io::commit_bounds_s, stats_.commit_buckets, stats_.commit_seconds_sum, done.took);
    }
    void stepped(Micros took, const engine::Input& input, const engine::Step& step, Wall now) {
        if (const auto* said = std::get_if<engine::Events>(&input.body))
            refusals_.note(input.source, said->batch, step.applied.rejected, now);
        ++stats_.steps;
        count(io::step_bounds_s, stats_.step_buckets, stats_.step_seconds_sum, took);
    }
    void acknowledged(Micros took) {
        count(io::ack_bounds_s, stats_.ack_buckets, stats_.ack_seconds_sum, took);
    }
    void rules_loaded(Wall at) {
        rules_are_good();
        stats_.rules_loaded_at = static_cast<double>(at.us) / 1e6;
    }
    /// Whoever saw the refusal in the log sees its end there, too: files as before load nothing.
    void rules_are_good() {
        if (!std::exchange(stats_.last_reload_ok, true))
            log::line(log::Severity::notice, "reload_good_again", {});
    }
    /// `why`: a mistake a line.
    void rules_refused(const std::string& why, Wall at) {
        stats_.last_reload_ok = false;
        reload_.detail = "refused, the rules before stay: " + why.substr(0, why.find('\n'));
        reload_.since = format_rfc3339(at);
        const log::Field told{"why", why};
        log::line(log::Severity::error, "reload_refused", {told});
    }
    void store_state(bool up, const std::string& why, Wall at) {
        store_.ok = up;
        store_.detail = up ? "commits are durable" : why;
        store_.since = format_rfc3339(at);
    }
    void bad_records(
        const std::string& source,
        const std::string& reason,
        std::uint64_t times,
        std::string excerpt
    ) {
        stats_.bad_records[{source, reason}] += times;
        keep_bad({source + ": " + reason, std::move(excerpt)});
    }
    void keep_bad(io::BadSeen seen) { app::keep_bad(stats_.last_bad, std::move(seen)); }

    [[nodiscard]] const io::ShellStats& stats() const { return stats_; }
    [[nodiscard]] std::vector<io::Component> components(Wall now) const {
        std::vector<io::Component> out{store_};
        if (!stats_.last_reload_ok) out.push_back(reload_);
        for (io::Component& refused : refusals_.components(now)) out.push_back(std::move(refused));
        return out;
    }

private:
    template <std::size_t N>
    static void count(
        const double (&bounds)[N], std::vector<std::uint64_t>& buckets, double& sum, Micros took
    ) {
        const double seconds = std::chrono::duration<double>(took).count();
        const auto* bound = std::lower_bound(std::begin(bounds), std::end(bounds), seconds);
        ++buckets[static_cast<std::size_t>(bound - std::begin(bounds))];
        sum += seconds;
    }

    io::ShellStats stats_;
    Refusals refusals_;
    io::Component store_{"store", true, "commits are durable", ""};
    io::Component reload_{"reload", false, "", ""};
};

}  // namespace surged::app
