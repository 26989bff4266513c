#include "app/cli/manner.hpp"

#include "app/cli/language.hpp"
#include "app/cli/show.hpp"
#include "config/decode.hpp"

namespace surged::app::cli {

namespace json = boost::json;

std::string Manner::time(Wall wall) const {
    if (zone_) return plan::local_clock(*zone_, wall);
    std::string text = format_rfc3339(wall);
    text[10] = ' ';
    const auto dot = text.find('.');
    if (dot != std::string::npos)
        text.erase(dot, text.find_first_not_of("0123456789", dot + 1) - dot);
    return text;
}

std::string Manner::time(const json::value& root, std::string_view pointer) const {
    std::string text = cell(root, pointer);
    const auto wall = parse_rfc3339(text);
    return wall ? time(*wall) : text;
}

std::string Manner::level(const json::value& root, std::string_view pointer) const {
    std::string text = cell(root, pointer);
    if (text == plan::name_of(plan::Level::none)) return {};
    const auto parsed = plan::parse_level(text);
    if (!parsed) return text;
    return language_ == plan::Language::zh_cn ? paging::level_word(*parsed, language_) : text;
}

std::string Manner::flag(const json::value& root, std::string_view pointer) const {
    std::string text = cell(root, pointer);
    if (language_ == plan::Language::en) return text;
    return text == "yes" ? "是" : text == "no" ? "否" : text;
}

std::string Manner::said(incident::Term term, const json::value& root, std::string_view pointer)
    const {
    return incident::said(term, cell(root, pointer), language_);
}

Manner manner_of(const Globals& globals, const json::value& answer) {
    const plan::Language language = language_for(globals.language);
    const std::string name = cell(answer, "/zone");
    if (name.empty()) return Manner{language};
    const auto zone = config::load_zone(name);
    return zone ? Manner{language, *zone} : Manner{language};
}

Manner manner_of(const Globals& globals, Api& api) {
    const auto status = api.get("/api/v1/status");
    return status ? manner_of(globals, *status) : Manner{language_for(globals.language)};
}

}  // namespace surged::app::cli
