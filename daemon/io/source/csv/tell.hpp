// What a table says that was not said before.
#pragma once

#include "core/acd/event.hpp"
#include "io/source/csv/sheet.hpp"

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace surged::io::csv {

/// One thing that happened to a work order. `order` stands in the content that was told.
struct OrderNews {
    const Order* order{nullptr};
    acd::TicketStatus status{acd::TicketStatus::opened};
    Wall at;
};

/// Work orders as the last table had them.
class Orders {
public:
    /// What is new, in the order in which it happened; the orders are kept. One that was closed
    /// more than a day ago when it is first seen is history, and no news.
    [[nodiscard]] std::vector<OrderNews> news(std::vector<Order> orders, Wall now);
    [[nodiscard]] std::size_t open() const { return open_; }

private:
    void compare(const Order& order, const Order* known, Wall now, std::vector<OrderNews>& out);

    std::vector<Order> orders_;
    std::unordered_map<std::string_view, const Order*> known_;  // by ticket, into orders_
    std::size_t open_{0};
};
/// Known once by its id, however often it is told. The event points into the order and the id.
[[nodiscard]] std::string id_of(const OrderNews& news);
[[nodiscard]] acd::Event event_of(const OrderNews& news, std::string_view id);

/// One interval of the plan of the day; the event points into the slot.
[[nodiscard]] acd::Event event_of(const Slot& slot);

/// What an interval counted before surged was there, in quarter hours: a longer one evenly. Nothing
/// of one that is not over, or longer ago than anybody remembers.
void tell_counted(const Slot& slot, Wall now, acd::Batch& out);

/// Who is scheduled now: the gauge agents_scheduled of each queue, told when it changes.
class Staffing {
public:
    /// Sorted by queue and time.
    void load(std::vector<Slot> slots);
    void tell(Wall now, acd::Batch& out);

private:
    std::vector<Slot> slots_;
    std::map<std::string, std::int32_t, std::less<>> told_;
};

}  // namespace surged::io::csv
