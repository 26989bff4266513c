#include "core/board/named_gauges.hpp"

#include <algorithm>
#include <utility>

namespace surged::board {
namespace {

/// As it is written: sorted by name, whatever came first.
struct Gauge {
    std::string name;
    double value{0};
    template <class A>
    void fields(A& a) {
        a(name, value);
    }
};

}  // namespace

std::optional<NamedGauges::Place> NamedGauges::search(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return std::nullopt;
    next_ = static_cast<std::size_t>(found - names_.begin());
    return static_cast<Place>(next_++);
}

bool NamedGauges::set(std::string_view name, double value) {
    if (const auto place = find(name)) {
        values_[*place] = value;
        return true;
    }
    if (names_.size() >= most) return false;
    names_.emplace_back(name);
    values_.push_back(value);
    return true;
}

std::vector<std::string> NamedGauges::names() const {
    std::vector<std::string> out = names_;
    std::sort(out.begin(), out.end());
    return out;
}

void NamedGauges::write(codec::Writer& out) const {
    std::vector<Gauge> gauges;
    gauges.reserve(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) gauges.push_back({names_[i], values_[i]});
    std::sort(gauges.begin(), gauges.end(), [](const Gauge& a, const Gauge& b) {
        return a.name < b.name;
    });
    out(gauges);
}

void NamedGauges::read(codec::Reader& in) {
    std::vector<Gauge> gauges;
    in(gauges);
    const auto disorder = [](const Gauge& a, const Gauge& b) { return a.name >= b.name; };
    const bool twice = std::adjacent_find(gauges.begin(), gauges.end(), disorder) != gauges.end();
    if (twice || gauges.size() > most) return in.fault();
    *this = {};
    for (Gauge& gauge : gauges) {
        names_.push_back(std::move(gauge.name));
        values_.push_back(gauge.value);
    }
}

}  // namespace surged::board
