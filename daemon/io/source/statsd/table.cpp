#include "io/source/statsd/table.hpp"

#include "io/source/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace surged::io::statsd {
namespace {

constexpr std::size_t series_max = 10'000;   // of use
constexpr std::size_t names_max = 100'000;   // of no use: then all of those are forgotten
constexpr std::size_t kept_max = 4096;       // values for a quantile
constexpr std::size_t members_max = 10'000;  // of a set

/// Which figures a type has.
bool has(Kind kind, Take take) {
    switch (kind) {
        case Kind::gauge:
            return take == Take::usual;
        case Kind::counter:
            return take == Take::usual || take == Take::rate || take == Take::sum;
        case Kind::set:
            return take == Take::usual || take == Take::count;
        case Kind::timer:
        case Kind::histogram:
            return true;
    }
    return false;
}

bool all_numbers(std::string_view values) {
    Value value;
    while (!values.empty())
        if (!next_number(values, value)) return false;
    return true;
}

double quantile(std::vector<double>& values, double p) {
    const auto rank = static_cast<std::ptrdiff_t>(
        std::max(0.0, std::ceil(p * static_cast<double>(values.size())) - 1)
    );
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

}  // namespace

std::optional<Take> parse_take(std::string_view word) {
    constexpr std::array<std::string_view, 10> words{
        "usual", "rate", "sum", "count", "mean", "min", "max", "p50", "p90", "p99"
    };
    const auto* const found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return std::nullopt;
    return static_cast<Take>(found - words.begin());
}

bool matches(std::string_view metric, std::string_view name, std::string_view& star) {
    const std::size_t at = metric.find('*');
    star = {};
    if (at == std::string_view::npos) return metric == name;
    const std::string_view before = metric.substr(0, at);
    const std::string_view after = metric.substr(at + 1);
    if (name.size() <= before.size() + after.size()) return false;
    if (!name.starts_with(before) || !name.ends_with(after)) return false;
    star = name.substr(before.size(), name.size() - before.size() - after.size());
    return star.find('.') == std::string_view::npos;
}

Table::Table(std::vector<Rule> rules) : rules_{std::move(rules)} {}

void Table::take(std::string_view packet) {
    while (!packet.empty()) {
        const void* const found = std::memchr(packet.data(), '\n', packet.size());
        const std::size_t size =
            found == nullptr
                ? packet.size()
                : static_cast<std::size_t>(static_cast<const char*>(found) - packet.data());
        std::string_view line = packet.substr(0, size);
        packet.remove_prefix(std::min(packet.size(), size + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) take_line(line);
    }
}

void Table::take_line(std::string_view text) {
    ++counts_.lines;
    Line line;
    if (const Bad bad = parse_line(text, line); bad != Bad::none) return refuse(bad, text);
    Series& series = series_of(line);
    if (series.bad != Bad::none) return refuse(series.bad, text);
    if (series.outputs.empty()) return;
    if (const Bad bad = add(series, line); bad != Bad::none) return refuse(bad, text);
    ++counts_.used;
    series.touched = true;
    if (!std::exchange(series.active, true)) active_.push_back(&series);
}

void Table::refuse(Bad bad, std::string_view text) {
    const auto which = static_cast<std::size_t>(bad);
    if (counts_.bad[which]++ == 0) counts_.last[which] = safe_excerpt(text);
}

Table::Series& Table::series_of(const Line& line) {
    std::string_view key = line.name;
    if (!line.tags.empty()) {
        key_.assign(line.name);
        key_ += '|';  // in no name
        key_ += line.tags;
        key = key_;
    }
    if (const auto found = known_.find(key); found != known_.end()) return found->second;
    if (known_.size() >= names_max)
        std::erase_if(known_, [](const auto& each) { return each.second.outputs.empty(); });
    Series made = make(line);
    if (!made.outputs.empty() && mapped_ >= series_max) {
        made.outputs.clear();
        made.bad = Bad::limit;
    }
    if (!made.outputs.empty()) ++mapped_;
    return known_.emplace(key, std::move(made)).first->second;
}

Table::Series Table::make(const Line& line) const {
    Series out;
    out.kind = line.kind;
    const auto skip = [&out](Bad bad) { out.bad = bad; };
    for (const Rule& rule : rules_) {
        std::string_view star;
        if (!matches(rule.metric, line.name, star)) continue;
        std::string_view queue = rule.queue == "*" ? star : std::string_view{rule.queue};
        if (!rule.queue_tag.empty()) {
            const std::string_view said = tag_of(line.tags, rule.queue_tag);
            if (!said.empty()) queue = said;
        }
        if (queue.empty()) {
            skip(Bad::no_queue);
        } else if (!is_plain_name(queue)) {
            skip(Bad::encoding);
        } else if (!has(line.kind, rule.take)) {
            skip(Bad::take);
        } else {
            out.outputs.push_back({std::string{queue}, rule.gauge, rule.take});
            out.keep = out.keep || rule.take >= Take::p50;
        }
    }
    if (!out.outputs.empty()) out.bad = Bad::none;
    return out;
}

Bad Table::add(Series& series, const Line& line) {
    if (series.kind != line.kind) return Bad::mixed_types;
    std::string_view values = line.values;
    if (line.kind == Kind::set) {
        while (!values.empty()) {
            const std::size_t member = std::hash<std::string_view>{}(next_text(values));
            if (series.members.size() < members_max) series.members.insert(member);
        }
        return Bad::none;
    }
    const bool packed = values.find(':') != std::string_view::npos;
    if (packed && !all_numbers(values)) return Bad::value;  // all of a line, or nothing
    const double weight = 1 / line.rate;
    while (!values.empty()) {
        Value value;
        if (!next_number(values, value)) return Bad::value;
        switch (line.kind) {
            case Kind::gauge:
                series.value = value.delta ? series.value + value.number : value.number;
                break;
            case Kind::counter:
                series.sum += value.number * weight;
                break;
            default:
                add_value(
                    series, line.kind == Kind::timer ? value.number / 1e3 : value.number, weight
                );
        }
    }
    return Bad::none;
}

void Table::add_value(Series& series, double value, double weight) {
    series.min = series.values == 0 ? value : std::min(series.min, value);
    series.max = series.values == 0 ? value : std::max(series.max, value);
    series.sum += value * weight;
    series.weight += weight;
    if (series.keep && series.values % series.stride == 0) {
        if (series.kept.size() >= kept_max) {  // from now on every second of them
            std::size_t to = 0;
            for (std::size_t i = 0; i < series.kept.size(); i += 2)
                series.kept[to++] = series.kept[i];
            series.kept.resize(to);
            series.stride *= 2;
        }
        if (series.values % series.stride == 0) series.kept.push_back(value);
    }
    ++series.values;
}

void Table::flush(Micros interval, acd::Batch& out) {
    std::vector<Series*> falling_silent;
    for (Series* const series : active_) {
        tell(*series, interval, out);
        const bool counts = series->kind == Kind::counter || series->kind == Kind::set;
        series->active = counts && series->touched;
        if (series->active) falling_silent.push_back(series);
        reset(*series);
    }
    active_ = std::move(falling_silent);
}

void Table::tell(Series& series, Micros interval, acd::Batch& out) {
    const double seconds = std::max(1e-3, std::chrono::duration<double>(interval).count());
    const bool counter = series.kind == Kind::counter;
    const auto figure = [&](Take take) {
        switch (take) {
            case Take::usual:
                if (series.kind == Kind::gauge) return series.value;
                if (series.kind == Kind::set) return static_cast<double>(series.members.size());
                return counter ? series.sum / seconds : series.sum / series.weight;
            case Take::rate:
                return (counter ? series.sum : series.weight) / seconds;
            case Take::sum:
                return series.sum;
            case Take::count:
                return series.kind == Kind::set ? static_cast<double>(series.members.size())
                                                : series.weight;
            case Take::mean:
                return series.sum / series.weight;
            case Take::min:
                return series.min;
            case Take::max:
                return series.max;
            case Take::p50:
                return quantile(series.kept, 0.5);
            case Take::p90:
                return quantile(series.kept, 0.9);
            case Take::p99:
                return quantile(series.kept, 0.99);
        }
        return 0.0;
    };
    acd::Event event;
    event.type = acd::EventType::gauge;
    for (const Output& output : series.outputs) {
        event.queue = output.queue;
        event.name = output.gauge;
        event.value = figure(output.take);
        if (std::isfinite(event.value)) out.append(event);
    }
}

void Table::reset(Series& series) {
    series.touched = false;
    series.sum = series.min = series.max = series.weight = 0;
    series.values = 0;
    series.stride = 1;
    series.kept.clear();
    series.members.clear();
}

Counts Table::take_counts() { return std::exchange(counts_, Counts{}); }

}  // namespace surged::io::statsd
