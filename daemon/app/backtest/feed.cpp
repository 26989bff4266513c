#include "app/backtest/feed.hpp"

#include <algorithm>
#include <utility>

namespace surged::app::backtest {

void BadLines::count(std::string_view reason, std::uint64_t times) {
    if (times == 0) return;
    const auto known = by_reason.find(reason);
    if (known == by_reason.end())
        by_reason.emplace(reason, times);
    else
        known->second += times;
    total += times;
}

void BadLines::add(Shown one) {
    newest.push_back(std::move(one));
    if (newest.size() > shown_max) newest.pop_front();
}

void BadLines::add(const BadLines& others) {
    for (const auto& [reason, times] : others.by_reason) count(reason, times);
    for (const Shown& one : others.newest) add(one);
}

void Reading::add(const Reading& other) {
    lines += other.lines;
    events += other.events;
    bad.add(other.bad);
    notes.insert(notes.end(), other.notes.begin(), other.notes.end());
    const std::uint64_t out_of_order = disorder.events + other.disorder.events;
    if (disorder.events == 0) disorder = other.disorder;
    disorder.events = out_of_order;
}

void Order::saw(Wall time, const std::string& file, std::uint64_t line, Disorder& found) {
    if (time > newest_) {
        newest_ = time;
        line_ = line;
        if (file_ != file) file_ = file;
        return;
    }
    if (newest_.us - time.us <= lateness_.count()) return;
    if (found.events++ > 0) return;
    found.file = file_;
    found.line = line_;
    found.newest = newest_;
}

bool Order::is_alone(Wall time) {
    constexpr std::int64_t month_us = 31 * std::int64_t{86'400'000'000};
    const bool far = newest_.us > 0 && time.us - newest_.us > month_us;
    return !std::exchange(far_, far) && far;
}

void Gather::at(Wall time) {
    const Wall when = std::max(time, newest_);
    const std::int64_t second = when.us / 1'000'000;
    if (second != second_) flush();
    second_ = second;
    newest_ = when;
}

void Gather::flush() {
    if (batch_.empty()) return;
    engine::Input input;
    input.instant = to_instant(newest_, Micros{0});
    input.source = source_;
    input.actor = {engine::ActorKind::source, source_, "backtest"};
    const std::size_t bytes = batch_.bytes().size();
    input.body = engine::Events{std::exchange(batch_, {})};
    batch_.reserve(bytes + bytes / 4);  // one second is much like the one before
    ready_.push_back(std::move(input));
}

std::vector<engine::Input> Gather::take(bool all) {
    if (all) flush();
    return std::exchange(ready_, {});
}

}  // namespace surged::app::backtest
