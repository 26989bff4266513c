// How a command speaks to the person at the terminal: his language, and the clock of the site.
#pragma once

#include "app/cli/api.hpp"
#include "core/incident/words.hpp"
#include "core/paging/words.hpp"
#include "core/plan/zone.hpp"

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace surged::app::cli {

class Manner {
public:
    /// `zone`: of the site; none: times are UTC, and end with a Z.
    explicit Manner(plan::Language language, std::optional<plan::Zone> zone = std::nullopt)
        : language_{language}, zone_{std::move(zone)} {}

    [[nodiscard]] plan::Language language() const { return language_; }
    template <class... Args>
    [[nodiscard]] std::string say(
        fmt::format_string<Args...> zh, fmt::format_string<Args...> en, Args&&... args
    ) const {
        return paging::phrase(language_, zh, en, std::forward<Args>(args)...);
    }
    /// 2026-11-23 16:35:19
    [[nodiscard]] std::string time(Wall wall) const;

    // What stands at a JSON pointer, in words; empty if nothing does.
    [[nodiscard]] std::string time(const boost::json::value& root, std::string_view pointer) const;
    /// Ⅱ级; II. Of none: nothing.
    [[nodiscard]] std::string level(const boost::json::value& root, std::string_view pointer) const;
    /// 是; yes
    [[nodiscard]] std::string flag(const boost::json::value& root, std::string_view pointer) const;
    [[nodiscard]] std::string said(
        incident::Term term, const boost::json::value& root, std::string_view pointer
    ) const;

private:
    plan::Language language_;
    std::optional<plan::Zone> zone_;
};

/// As --language or the environment ask for, with the zone that surged's site is in.
[[nodiscard]] Manner manner_of(const Globals& globals, Api& api);
/// The same, with the zone that an answer names as `zone`.
[[nodiscard]] Manner manner_of(const Globals& globals, const boost::json::value& answer);

}  // namespace surged::app::cli
