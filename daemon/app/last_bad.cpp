#include "app/last_bad.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace surged::app {

void keep_bad(std::vector<io::BadSeen>& last, io::BadSeen seen) {
    constexpr std::size_t most = 10;
    constexpr std::ptrdiff_t of_one_kind = 3;
    const auto same = [&](const io::BadSeen& other) { return other.what == seen.what; };
    if (std::count_if(last.begin(), last.end(), same) >= of_one_kind)
        last.erase(std::find_if(last.begin(), last.end(), same));
    else if (last.size() >= most)
        last.erase(last.begin());
    last.push_back(std::move(seen));
}

}  // namespace surged::app
