#include "app/last_bad.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

namespace surged::app {

namespace {

using List = std::vector<io::BadSeen>;

std::string_view source_of(const io::BadSeen& seen) {
    return std::string_view{seen.what}.substr(0, seen.what.find(": "));
}

List::iterator oldest_of_the_loudest(List& last) {
    std::map<std::string_view, std::size_t> times;
    for (const io::BadSeen& one : last) ++times[source_of(one)];
    return std::max_element(last.begin(), last.end(), [&](const auto& a, const auto& b) {
        return times[source_of(a)] < times[source_of(b)];  // the first of the greatest
    });
}

}  // namespace

void keep_bad(std::vector<io::BadSeen>& last, io::BadSeen seen) {
    constexpr std::size_t most = 10;
    constexpr std::ptrdiff_t of_one_kind = 3;
    const auto same = [&](const io::BadSeen& other) { return other.what == seen.what; };
    if (std::count_if(last.begin(), last.end(), same) >= of_one_kind)
        last.erase(std::find_if(last.begin(), last.end(), same));
    else if (last.size() >= most)
        last.erase(oldest_of_the_loudest(last));
    last.push_back(std::move(seen));
}

}  // namespace surged::app
