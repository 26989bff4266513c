#include "io/source/csv/tell.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace surged::io::csv {
namespace {

constexpr Micros history{std::chrono::hours{24}};

/// How far an order has come, and since when.
OrderNews latest(const Order& order) {
    if (order.closed) return {&order, acd::TicketStatus::closed, *order.closed};
    if (order.assigned) return {&order, acd::TicketStatus::assigned, *order.assigned};
    return {&order, acd::TicketStatus::opened, order.opened};
}

}  // namespace

std::vector<OrderNews> Orders::news(std::vector<Order> orders, Wall now) {
    std::vector<OrderNews> out;
    open_ = 0;
    for (const Order& order : orders) {
        const auto found = known_.find(order.ticket);
        compare(order, found == known_.end() ? nullptr : found->second, now, out);
        if (!order.closed) ++open_;
    }
    known_.clear();
    orders_ = std::move(orders);  // its items stay where they are
    for (const Order& order : orders_) known_.emplace(order.ticket, &order);
    std::stable_sort(out.begin(), out.end(), [](const OrderNews& a, const OrderNews& b) {
        return a.at < b.at;
    });
    return out;
}

void Orders::compare(
    const Order& order, const Order* known, Wall now, std::vector<OrderNews>& out
) {
    if (known == nullptr) {
        if (order.closed && order.closed->us + history.count() < now.us) return;
        out.push_back({&order, acd::TicketStatus::opened, order.opened});
    } else if (*known == order) {
        return;
    }
    const bool assigned = known == nullptr || known->assigned != order.assigned;
    const bool closed = known == nullptr || known->closed != order.closed;
    if (order.assigned && assigned)
        out.push_back({&order, acd::TicketStatus::assigned, *order.assigned});
    if (order.closed && closed) out.push_back({&order, acd::TicketStatus::closed, *order.closed});
    if (known == nullptr) return;
    if (known->closed && !order.closed) {
        out.push_back({&order, acd::TicketStatus::opened, now});  // opened again
    } else if (known->due != order.due || known->severity != order.severity) {
        if (out.empty() || out.back().order != &order) out.push_back(latest(order));
    }
}

std::string id_of(const OrderNews& news) {
    return fmt::format(
        "{}|{}|{}|{}|{}",
        news.order->ticket,
        acd::name_of(news.status),
        news.at.us / 1'000'000,
        news.order->due ? news.order->due->us / 1'000'000 : 0,
        news.order->severity
    );
}

acd::Event event_of(const OrderNews& news, std::string_view id) {
    acd::Event out;
    out.type = acd::EventType::complaint;
    out.ts = news.at;
    out.id = id;
    out.queue = news.order->queue;
    out.ticket = news.order->ticket;
    out.topic = news.order->topic;
    out.klass = news.order->klass;
    out.severity = news.order->severity;
    out.status = news.status;
    out.due = news.order->due;
    return out;
}

acd::Event event_of(const Slot& slot) {
    acd::Event out;
    out.type = acd::EventType::expected;
    out.queue = slot.queue;
    acd::Expected& expected = out.expected.emplace();
    expected.from = slot.from;
    expected.to = slot.to;
    expected.offered = std::llround(slot.offered * 1e6);
    expected.agents = slot.agents;
    expected.lines = slot.lines;
    expected.handle = slot.handle;
    return out;
}

void tell_counted(const Slot& slot, Wall now, acd::Batch& out) {
    constexpr std::int64_t quarter_us = 900'000'000;
    constexpr std::int64_t kept_us = Micros{std::chrono::weeks{6}}.count();
    if (slot.to > now || slot.to.us + kept_us < now.us) return;
    const std::int64_t quarters = (slot.to.us - slot.from.us) / quarter_us;
    const auto tell = [&](std::string_view kpi, double count) {
        const auto whole = std::llround(count);
        for (std::int64_t i = 0; i < quarters; ++i) {
            acd::Event event;
            event.type = acd::EventType::counted;
            event.ts = Wall{slot.from.us + i * quarter_us};
            event.queue = slot.queue;
            event.name = kpi;
            const auto share = whole * (i + 1) / quarters - whole * i / quarters;
            event.value = static_cast<double>(share);
            out.append(event);
        }
    };
    tell("calls_offered", slot.offered);
    if (slot.answered) tell("calls_answered", *slot.answered);
    if (slot.abandoned) tell("calls_abandoned", *slot.abandoned);
}

void Staffing::load(std::vector<Slot> slots) { slots_ = std::move(slots); }

void Staffing::tell(Wall now, acd::Batch& out) {
    const auto one = [&](const std::string& queue, std::int32_t heads) {
        const auto known = told_.find(queue);
        if (known != told_.end() && known->second == heads) return;
        told_.insert_or_assign(queue, heads);
        acd::Event event;
        event.type = acd::EventType::gauge;
        event.queue = queue;
        event.name = "agents_scheduled";
        event.value = heads;
        out.append(event);
    };
    std::vector<std::string> gone;
    gone.reserve(told_.size());
    for (const auto& [queue, heads] : told_) gone.push_back(queue);
    for (auto begin = slots_.begin(); begin != slots_.end();) {
        const auto end =
            std::upper_bound(begin, slots_.end(), *begin, [](const Slot& a, const Slot& b) {
                return a.queue < b.queue;
            });
        const auto after = std::upper_bound(begin, end, now, [](Wall at, const Slot& slot) {
            return at < slot.from;
        });
        const bool covered = after != begin && now < std::prev(after)->to;
        one(begin->queue, covered ? std::prev(after)->agents.value_or(0) : 0);
        std::erase(gone, begin->queue);
        begin = end;
    }
    for (const std::string& queue : gone) {
        one(queue, 0);
        told_.erase(queue);
    }
}

}  // namespace surged::io::csv
