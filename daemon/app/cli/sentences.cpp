#include "app/cli/sentences.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace surged::app::cli {
namespace {

/// One word, or one text in quotes.
bool is_one_thing(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
    return quoted || text.find(' ') == std::string_view::npos;
}

/// What of `words` stands in the holes of `pattern`; nullopt: it is another sentence.
std::optional<std::vector<std::string_view>> holes(
    std::string_view words, std::string_view pattern
) {
    const bool begins = pattern.starts_with("{}");
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t hole = pattern.find("{}");
        if (hole == std::string_view::npos)
            return words == pattern ? std::optional{std::move(out)} : std::nullopt;
        if (words.substr(0, hole) != pattern.substr(0, hole)) return std::nullopt;
        words.remove_prefix(hole);
        pattern.remove_prefix(hole + 2);
        const std::string_view next = pattern.substr(0, pattern.find("{}"));
        const std::size_t end = next.size() == pattern.size() && words.ends_with(next)
                                    ? words.size() - next.size()  // the last hole takes all
                                    : words.find(next);
        if (end == std::string_view::npos || end == 0) return std::nullopt;
        const std::string_view text = words.substr(0, end);
        if (text.find('\n') != std::string_view::npos) return std::nullopt;
        if (begins && out.empty() && !is_one_thing(text)) return std::nullopt;
        out.push_back(text);
        words.remove_prefix(end);
    }
}

}  // namespace

std::optional<std::string> by_sentence(
    std::string_view words, std::span<const Sentence> sentences
) {
    for (const Sentence& sentence : sentences) {
        const auto cited = holes(words, sentence.en);
        if (!cited) continue;
        std::string out;
        std::string_view rest = sentence.zh;
        for (const std::string_view text : *cited) {
            const std::size_t hole = rest.find("{}");
            out.append(rest.substr(0, hole)).append(text);
            rest.remove_prefix(hole + 2);
        }
        return out.append(rest);
    }
    return std::nullopt;
}

}  // namespace surged::app::cli
