#include "app/cli/unknown.hpp"

#include "base/nearest.hpp"
#include "core/paging/words.hpp"

#include <utility>

namespace surged::app::cli {

Error unknown_name(
    plan::Language language,
    std::string what,
    std::string_view word,
    const std::vector<std::string_view>& names,
    const std::vector<std::string_view>& others
) {
    constexpr std::size_t most = 40;
    std::vector<std::string_view> all_names = names;
    all_names.insert(all_names.end(), others.begin(), others.end());
    if (const std::string near = nearest(word, all_names); !near.empty())
        return {std::move(what), paging::phrase(language, "是否指 {}?", "did you mean {}?", near)};
    if (names.empty()) return {std::move(what), ""};
    std::string all;
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        all += (all.empty() ? "" : ", ") + std::string{names[i]};
    if (names.size() > most) all += ", …";
    return {std::move(what), paging::phrase(language, "现有:{}", "there are {}", all)};
}

}  // namespace surged::app::cli
