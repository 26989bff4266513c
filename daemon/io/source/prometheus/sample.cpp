#include "io/source/prometheus/sample.hpp"

#include <algorithm>

namespace surged::io::prometheus {

std::string_view label_of(const Labels& labels, std::string_view name) {
    for (const auto& [key, value] : labels)
        if (key == name) return value;
    return {};
}

bool fits(const Pick& pick, const Labels& labels) {
    return std::all_of(pick.labels.begin(), pick.labels.end(), [&](const auto& wanted) {
        return label_of(labels, wanted.first) == wanted.second;
    });
}

std::string_view queue_of(const Pick& pick, const Labels& labels, const QueueNames& names) {
    std::string_view said;
    if (!pick.queue_label.empty()) said = label_of(labels, pick.queue_label);
    if (said.empty()) return pick.queue;
    const auto found = names.find(said);
    return found == names.end() ? said : std::string_view{found->second};
}

}  // namespace surged::io::prometheus
