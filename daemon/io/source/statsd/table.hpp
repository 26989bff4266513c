// What statsd lines add up to between two flushes, as gauges of queues. Pure: bytes in, events out.
#pragma once

#include "base/time.hpp"
#include "core/acd/event.hpp"
#include "io/source/statsd/line.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace surged::io::statsd {

/// Which figure of what came since the last flush. `usual`: a gauge's value, a counter's rate, the
/// mean of times and of values, how many different ones are in a set.
enum class Take : std::uint8_t { usual, rate, sum, count, mean, min, max, p50, p90, p99 };

[[nodiscard]] std::optional<Take> parse_take(std::string_view word);

/// A name that one `*` may stand in, for one part between dots; which gauge of which queue it sets.
struct Rule {
    std::string metric;
    std::string gauge;
    std::string queue;      // "*": what the `*` of the metric stands for; empty: the tag says it
    std::string queue_tag;  // the tag that names the queue; where it is missing, `queue`
    Take take{Take::usual};
};

/// What `*` stands for in `name`, empty without one; false if the name is another.
[[nodiscard]] bool matches(std::string_view metric, std::string_view name, std::string_view& star);

struct Counts {
    std::uint64_t lines{0};
    std::uint64_t used{0};                  // by some rule
    std::array<std::uint64_t, bads> bad{};  // by reason
    std::array<std::string, bads> last;     // the last such line before the flush, safe to show
};

class Table {
public:
    explicit Table(std::vector<Rule> rules);
    /// One packet: lines with a line feed between them.
    /// @cost 60 to 200 ns a line; a name that is new costs a walk over the rules
    void take(std::string_view packet);
    /// What came in `interval` becomes gauges. A counter or set that falls silent is told once as
    /// 0, a gauge or timer keeps what it said.
    void flush(Micros interval, acd::Batch& out);
    /// Since the last call.
    [[nodiscard]] Counts take_counts();
    [[nodiscard]] std::size_t series() const { return mapped_; }

private:
    struct Output {
        std::string queue, gauge;
        Take take;
    };
    struct Series {
        Kind kind{Kind::gauge};
        bool active{false};   // in active_
        bool touched{false};  // since the last flush
        bool keep{false};     // the single values, for a quantile
        Bad bad{Bad::none};   // of use to no rule, though one names it
        std::vector<Output> outputs;
        double value{0};  // of a gauge
        double sum{0}, min{0}, max{0}, weight{0};
        std::uint64_t values{0}, stride{1};
        std::vector<double> kept;                 // every stride-th
        std::unordered_set<std::size_t> members;  // of a set, by their hash
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Known = std::unordered_map<std::string, Series, Hash, std::equal_to<>>;

    void take_line(std::string_view text);
    void refuse(Bad bad, std::string_view text);
    Series& series_of(const Line& line);
    Series make(const Line& line) const;
    Bad add(Series& series, const Line& line);
    void add_value(Series& series, double value, double weight);
    void tell(Series& series, Micros interval, acd::Batch& out);
    static void reset(Series& series);

    std::vector<Rule> rules_;
    Known known_;
    std::size_t mapped_{0};
    std::vector<Series*> active_;  // nodes of known_ do not move
    Counts counts_;
    std::string key_;
};

}  // namespace surged::io::statsd
