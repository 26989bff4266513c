#include "support/ami_virtual.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <numeric>
#include <tuple>
#include <utility>

namespace surged::test {
namespace {

const std::string source = "acd-1";

Instant instant_of(Wall wall) { return Instant{Micros{wall.us}}; }
Wall wall_of(Instant instant) { return Wall{instant.time_since_epoch().count()}; }

std::int64_t gauge(const board::View& view, board::QueueIx queue, board::Kpi kpi) {
    board::Measure measure;
    measure.kpi = kpi;
    const auto value = view.value(queue, measure);
    return value ? value->num / value->den : 0;
}

double number(const boost::json::value& value) {
    return value.is_null() ? 0 : value.to_number<double>();
}

}  // namespace

VirtualReplay::VirtualReplay(const plan::RuleSet& rules, std::string snapshot_id, bool late)
    : started_{!late} {
    floor_.load(rules, {}, Instant{});
    decoder_.expect_snapshot(std::move(snapshot_id));
}

void VirtualReplay::run(const std::vector<const Recording*>& connections) {
    struct Piece {
        const Chunk* chunk;
        std::size_t connection;
        std::size_t number;  // chunks of one read share their time
    };
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < connections.size(); ++i)
        for (const Chunk& chunk : connections[i]->chunks)
            if (chunk.from_server) pieces.push_back({&chunk, i, pieces.size()});
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
        return std::tie(a.chunk->at, a.connection, a.number) <
               std::tie(b.chunk->at, b.connection, b.number);
    });
    std::vector<io::ami::Framer> framers(connections.size());
    advance(instant_of(pieces.front().chunk->at));
    floor_.source_up(source, false);
    for (const Piece& piece : pieces) {
        advance(instant_of(piece.chunk->at));
        io::ami::Framer& framer = framers[piece.connection];
        framer.push(piece.chunk->bytes);
        for (auto found = framer.next(); found != io::ami::Found::nothing; found = framer.next()) {
            if (found == io::ami::Found::bad) ++bad_[std::string{framer.bad().reason}];
            if (found == io::ami::Found::frame) feed(framer.frame(), piece.chunk->at);
        }
    }
}

// A frame is a batch of its own here, so that every state the PBX went through is sampled.
void VirtualReplay::feed(const io::ami::Frame& frame, Wall at) {
    acd::Batch batch;
    const io::ami::Decoded decoded = decoder_.decode(frame, batch);
    if (decoder_.exits_known() && !std::exchange(exits_told_, true)) floor_.source_up(source, true);
    started_ = started_ || decoded.meaning == io::ami::Meaning::snapshot_begun;
    if (decoded.meaning == io::ami::Meaning::snapshot_ended) snapshot_done_ = at;
    if (!started_) return;
    if (!decoded.reason.empty()) ++bad_[std::string{decoded.reason}];
    if (batch.empty()) return;
    floor_.apply(batch, source, Micros{0});
    sample();
}

void VirtualReplay::advance(Instant to) {
    for (auto wake = floor_.next_wake(); wake && *wake < to; wake = floor_.next_wake()) {
        now_ = wall_of(*wake);
        floor_.advance(*wake);
        sample();
    }
    now_ = wall_of(to);
    floor_.advance(to);
}

void VirtualReplay::wait(Micros span) {
    advance(floor_.now() + span);
    sample();
}

void VirtualReplay::sample() {
    Sample taken{now_, {}};
    const board::View& view = floor_.view();
    for (const board::QueueIx queue : view.queues()) {
        QueueGauges& gauges = taken.queues[view.name(queue)];
        gauges.waiting = gauge(view, queue, board::Kpi::calls_waiting) -
                         static_cast<std::int64_t>(view.settling(queue));
        gauges.staffed = gauge(view, queue, board::Kpi::agents_staffed);
        gauges.available = gauge(view, queue, board::Kpi::agents_available) +
                           gauge(view, queue, board::Kpi::agents_wrap);
        board::Measure longest;
        longest.kpi = board::Kpi::longest_wait;
        const auto wait = view.value(queue, longest);
        if (gauges.waiting > 0 && wait)
            gauges.oldest_us = now_.us - wait->num * 1'000'000 / wait->den;
    }
    if (samples_.empty() || samples_.back().queues != taken.queues)
        samples_.push_back(std::move(taken));
}

std::uint64_t VirtualReplay::rejected(acd::Reject reason) const {
    const auto& counts = floor_.sources().at(source).rejected;
    const auto at = counts.find(reason);
    return at == counts.end() ? 0 : at->second;
}

bool identity_holds(const board::View& view) {
    for (const board::QueueIx queue : view.queues()) {
        const board::Totals& t = view.totals(queue);
        const auto exited = std::accumulate(t.exited.begin(), t.exited.end(), std::uint64_t{0});
        const auto waiting =
            static_cast<std::uint64_t>(gauge(view, queue, board::Kpi::calls_waiting));
        if (t.offered != t.answered + t.abandoned + exited + waiting) return false;
    }
    return true;
}

std::map<std::string, TruthRow> load_truth(std::string_view run) {
    std::map<std::string, TruthRow> rows;
    const auto json = boost::json::parse(read_fixture(recording_folder(run) / "truth.json"));
    for (const auto& [name, value] : json.as_object()) {
        const boost::json::object& queue = value.as_object();
        const auto count = [&](const char* key) {
            return static_cast<std::int64_t>(number(queue.at(key)));
        };
        TruthRow row;
        row.offered = count("offered");
        row.answered = count("answered");
        row.answered_in_target = count("answered_in_sl");
        row.abandoned = count("abandoned");
        row.abandoned_in_target = count("abandoned_in_sl");
        row.exit_timeout = count("exit_timeout");
        row.exit_key = count("exit_key");
        row.withdrawn = count("withdrawn");
        row.completed = count("completed");
        row.transferred = count("xfer");
        row.target_s = count("sl_threshold_s");
        row.max_abandon_wait_s = count("max_abandon_wait_s");
        row.max_answered_wait_s = count("max_answered_wait_s");
        row.asa_s = number(queue.at("asa_s"));
        row.avg_talk_s = number(queue.at("avg_talk_s"));
        rows.emplace(name, row);
    }
    return rows;
}

plan::RuleSet replay_rules(const std::map<std::string, TruthRow>& truth, bool targets) {
    plan::RuleSet rules;
    rules.site.id = "hz";
    rules.site.zone.name = "UTC";
    rules.site.zone.changes.push_back(plan::Zone::Change{});
    for (const auto& [name, row] : truth)
        if (targets) rules.site.queues[name].target = Seconds{row.target_s};
    return rules;
}

}  // namespace surged::test
