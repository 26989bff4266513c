// Which of many things needs time next: one deadline for each key, and the earliest at hand.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace surged::engine {

template <class Key>
class Deadlines {
public:
    /// nullopt: the key waits for nothing.
    void set(const Key& key, std::optional<Instant> at) {
        const auto known = at_.find(key);
        if (known != at_.end()) {
            if (at == known->second) return;
            order_.erase({known->second, key});
            at_.erase(known);
        }
        if (!at) return;
        at_.emplace(key, *at);
        order_.emplace(*at, key);
    }
    [[nodiscard]] std::optional<Instant> first() const {
        return order_.empty() ? std::nullopt : std::optional{order_.begin()->first};
    }
    /// The keys whose time has come, by instant and then by key.
    [[nodiscard]] std::vector<Key> due(Instant now) const {
        std::vector<Key> out;
        for (auto it = order_.begin(); it != order_.end() && it->first <= now; ++it)
            out.push_back(it->second);
        return out;
    }
    [[nodiscard]] bool contains(const Key& key) const { return at_.contains(key); }
    [[nodiscard]] std::size_t size() const { return at_.size(); }
    void clear() {
        at_.clear();
        order_.clear();
    }

private:
    std::map<Key, Instant> at_;
    std::set<std::pair<Instant, Key>> order_;
};

}  // namespace surged::engine
