#include "io/channel/wording.hpp"

#include "core/delivery/key.hpp"
#include "io/http/utf8.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::io::wording {
namespace {

constexpr std::string_view ellipsis = "…";

bool chinese(plan::Language language) { return language == plan::Language::zh_cn; }

/// What stands between two facts, as paging/message puts it.
std::string_view separator(plan::Language language) { return chinese(language) ? "|" : " | "; }

bool inside_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string cut(std::string_view text, std::size_t max) {
    if (text.size() <= max) return std::string{text};
    const bool room = max >= ellipsis.size();
    std::size_t end = room ? max - ellipsis.size() : max;
    while (end > 0 && inside_character(text[end])) --end;
    return std::string{text.substr(0, end)} + std::string{room ? ellipsis : ""};
}

std::string marked(const delivery::Page& page, std::string_view text) {
    if (!page.possible_repeat) return std::string{text};
    const bool zh = chinese(page.content.language);
    return std::string{zh ? "【可能重复】" : "[possible repeat] "} + std::string{text};
}

std::string sequence(const delivery::Page& page) {
    if (page.incident.empty()) return page.id;  // a notice of surged's own
    std::string about = fmt::format("{}", page.rise);
    if (const auto key = delivery::parse_key(page.id); key && !key->step.empty())
        about = fmt::format("{}-{}", key->step, key->turn);
    std::string out = fmt::format("{}#{}.{}.{}", page.incident, about, page.rung, page.round);
    if (page.method > 0) out += fmt::format(".{}", page.method);
    return out;
}

std::string acknowledge(plan::Language language) {
    return chinese(language) ? "认领" : "Acknowledge";
}

std::vector<std::string> facts(const delivery::Content& content) {
    const std::string& text = content.text.empty() ? content.title : content.text;
    const std::string_view between = separator(content.language);
    std::vector<std::string> out;
    for (std::size_t from = 0;;) {
        const std::size_t at = text.find(between, from);
        out.push_back(text.substr(from, at - from));
        if (at == std::string::npos) return out;
        from = at + between.size();
    }
}

std::vector<std::string> facts_below_title(const delivery::Content& content) {
    std::vector<std::string> out = facts(content);
    std::string& first = out.front();
    if (first.starts_with(content.title)) first.erase(0, content.title.size());
    first.erase(0, std::min(first.find_first_not_of(' '), first.size()));
    if (first.empty()) out.erase(out.begin());
    return out;
}

std::string line(const delivery::Page& page, const std::string& link, std::size_t max) {
    const auto& content = page.content;
    std::string tail = fmt::format(" {}", sequence(page));
    if (!link.empty())
        tail += fmt::format(
            "{}{}{}{}",
            separator(content.language),
            acknowledge(content.language),
            chinese(content.language) ? ":" : ": ",
            link
        );
    const std::string text =
        to_utf8(marked(page, content.text.empty() ? content.title : content.text));
    return cut(text, max > tail.size() ? max - tail.size() : 0) + tail;
}

std::string inert(std::string_view text) {
    struct Pair {
        char from;
        std::string_view to;
    };
    constexpr Pair pairs[] = {
        {'<',  "\uFF1C"},
        {'>',  "\uFF1E"},
        {'[',  "\uFF3B"},
        {']',  "\uFF3D"},
        {'*',  "\uFF0A"},
        {'`',  "'"     },
        {'\n', " "     },
        {'\r', " "     },
    };
    std::string out;
    for (const char c : to_utf8(text)) {
        const auto* known = std::find_if(std::begin(pairs), std::end(pairs), [&](const Pair& p) {
            return p.from == c;
        });
        if (known == std::end(pairs))
            out += c;
        else
            out += known->to;
    }
    return out;
}

}  // namespace surged::io::wording
