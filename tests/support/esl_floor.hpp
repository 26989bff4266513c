// One FreeSWITCH by hand into a call floor, at instants by hand.
#pragma once

#include "core/acd/floor.hpp"
#include "io/source/esl/picture.hpp"
#include "support/ami_sink.hpp"
#include "support/esl_text.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

inline constexpr std::int64_t esl_start_s = 1'795'454'200;

/// A member's row, times in seconds after the start.
[[nodiscard]] inline std::string member_row(
    const std::string& id,
    const std::string& state,
    int joined,
    int bridged = 0,
    const std::string& agent = "",
    int rejoined = 0
) {
    const auto epoch = [](int at) { return at == 0 ? 0 : esl_start_s + at; };
    return fmt::format(
        "sales@d|{}|13800138000|A|{}|{}|{}|0|{}|{}",
        id,
        epoch(joined),
        epoch(rejoined),
        epoch(bridged),
        agent,
        state
    );
}
[[nodiscard]] inline std::string agent_row(
    const std::string& name,
    const std::string& status,
    const std::string& state,
    int bridge_start = 0,
    int bridge_end = 0,
    int wrap_up = 0
) {
    const auto epoch = [](int at) { return at == 0 ? 0 : esl_start_s + at; };
    return fmt::format(
        "{}|single_box|user/1|user/2|{}|{}|{}|{}|{}",
        name,
        status,
        state,
        wrap_up,
        epoch(bridge_start),
        epoch(bridge_end)
    );
}

/// It is up, and its first tables were empty, at 0 s.
class EslFloor {
public:
    static constexpr Instant start{Seconds{esl_start_s}};
    using Lines = std::vector<std::string>;
    /// What the tables of one poll say; the header rows are put before.
    struct Tables {
        Lines queues{"sales@d"};
        Lines agents{}, tiers{};
        std::vector<std::pair<std::string, Lines>> members{};
    };

    EslFloor() {
        floor.load(plan::RuleSet{}, {}, start);
        floor.advance(start);
        floor.source_up("fs-1", true);
        poll({});
    }
    /// To so long after the start.
    void at(Micros since_start) {
        now_ = since_start;
        floor.advance(start + since_start);
    }
    /// One event at the instant reached; gives what it became.
    Lines event(std::string_view action, const Fields& fields) {
        return event_at(now_, action, fields);
    }
    /// One that happened `then` after the start, however late it comes.
    Lines event_at(Micros then, std::string_view action, const Fields& fields) {
        const std::string frame =
            esl_plain(center_event((start.time_since_epoch() + then).count(), action, fields));
        io::esl::Event event;
        REQUIRE(event.read_plain(std::string_view{frame}.substr(frame.find("\n\n") + 2)));
        acd::Batch batch;
        const auto decoded = picture.apply(event, batch);
        if (!decoded.reason.empty()) reasons.emplace_back(decoded.reason);
        return apply(batch);
    }
    Lines member(std::string_view action, const std::string& id, const Fields& more = {}) {
        Fields fields{
            {"Queue",             "sales@d"    },
            {"Member-UUID",       id           },
            {"Member-CID-Number", "13800138000"},
            {"Member-CID-Name",   "王小明"     }
        };
        fields.insert(fields.end(), more.begin(), more.end());
        return event(action, fields);
    }
    Lines cancel(const std::string& id, const std::string& reason, const Fields& more = {}) {
        Fields fields{
            {"Cause",         "Cancel"},
            {"Cancel-Reason", reason  }
        };
        fields.insert(fields.end(), more.begin(), more.end());
        return member("member-queue-end", id, fields);
    }
    Lines poll(const Tables& tables) {
        picture.begin_poll();
        acd::Batch batch;
        const auto table = [](std::string_view header, const Lines& rows) {
            std::string text;
            if (!rows.empty()) text = fmt::format("{}\n{}\n", header, fmt::join(rows, "\n"));
            return text + "+OK\n";
        };
        const auto parsed = [](const std::string& text) {
            const auto got = io::esl::Table::parse(text, "contact");
            REQUIRE(got);
            return *got;
        };
        const std::string queues = table("name|strategy", with(tables.queues, "|ring-all"));
        note(picture.queues(parsed(queues), batch));
        const std::string agents = table(
            "name|instance_id|contact|status|state|wrap_up_time|last_bridge_start|last_bridge_end",
            tables.agents
        );
        note(picture.agents(parsed(agents), batch));
        const std::string tiers = table("queue|agent|state|level|position", tables.tiers);
        note(picture.tiers(parsed(tiers), batch));
        for (const auto& [queue, rows] : tables.members) {
            const std::string members = table(
                "queue|uuid|cid_number|cid_name|joined_epoch|rejoined_epoch|bridge_epoch|"
                "abandoned_epoch|serving_agent|state",
                rows
            );
            note(picture.members(queue, parsed(members), batch));
        }
        note(picture.end_poll(batch));
        return apply(batch);
    }
    [[nodiscard]] const board::Totals& totals(std::string_view queue = "sales@d") const {
        const auto found = floor.view().find(queue);
        REQUIRE(found.has_value());
        return floor.view().totals(*found);
    }
    [[nodiscard]] std::uint64_t exited(acd::ExitReason reason) const {
        return totals().exited[static_cast<std::size_t>(reason)];
    }
    /// -1: no value.
    [[nodiscard]] double value(board::Kpi kpi, std::string_view queue = "sales@d") const {
        const auto found = floor.view().find(queue);
        REQUIRE(found.has_value());
        board::Measure measure;
        measure.kpi = kpi;
        measure.window = board::Window::now;
        const auto quantity = floor.view().value(*found, measure);
        return quantity ? quantity->value() : -1;
    }
    /// offered = answered + abandoned + exited + waiting
    void check_books(std::string_view queue = "sales@d") const {
        const board::Totals& t = totals(queue);
        std::uint64_t left = t.answered + t.abandoned;
        for (const std::uint64_t n : t.exited) left += n;
        CHECK(
            static_cast<double>(t.offered) ==
            static_cast<double>(left) + value(board::Kpi::calls_waiting, queue)
        );
    }
    [[nodiscard]] std::uint64_t rejected() const {
        std::uint64_t all = 0;
        for (const auto& [reason, n] : floor.sources().at("fs-1").rejected) all += n;
        return all;
    }

    acd::Floor floor;
    io::esl::Picture picture{[](std::string_view number, std::string_view queue) {
        return "ref-" + std::string{number.substr(number.size() - 2)} + "@" + std::string{queue};
    }};
    Lines reasons;

private:
    static Lines with(Lines lines, std::string_view tail) {
        for (std::string& line : lines) line += tail;
        return lines;
    }
    void note(std::string_view reason) {
        if (!reason.empty()) reasons.emplace_back(reason);
    }
    Lines apply(const acd::Batch& batch) {
        CHECK(batch.well_formed());
        Lines out;
        batch.for_each([&](std::size_t, const acd::Event& e) { out.push_back(without_time(e)); });
        if (!batch.empty()) floor.apply(batch, "fs-1", Micros{0});
        return out;
    }
    static std::string without_time(acd::Event event) {
        event.ts.reset();
        return describe(event);
    }
    Micros now_{0};
};

}  // namespace surged::test
