#include "io/source/ami/banner.hpp"

#include <array>
#include <fmt/format.h>

namespace surged::io::ami {

std::string release_of(std::string_view banner) {
    constexpr std::string_view mark = "Call Manager";
    const auto at = banner.find(mark);
    if (at == std::string_view::npos) return {};
    const auto slash = banner.find('/', at + mark.size());
    if (slash == std::string_view::npos) return "Asterisk";
    const std::string_view version = banner.substr(slash + 1);
    // The manager's major version rose with each release from 13 on.
    struct Row {
        std::string_view manager, release;
    };
    static constexpr std::array<Row, 11> rows{
        {
         {"2", "13"},
         {"3", "14"},
         {"4", "15"},
         {"5", "16"},
         {"6", "17"},
         {"7", "18"},
         {"8", "19"},
         {"9", "20"},
         {"10", "21"},
         {"11", "22"},
         {"12", "23"},
         }
    };
    const std::string_view major = version.substr(0, version.find('.'));
    for (const Row& row : rows)
        if (row.manager == major) return fmt::format("Asterisk {}", row.release);
    return fmt::format("Asterisk with manager {}", version.substr(0, 16));
}

}  // namespace surged::io::ami
