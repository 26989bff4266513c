#include "app/cli/sentences.hpp"

#include <cstddef>
#include <utility>

namespace surged::app::cli {
namespace {

/// One word, or one text in quotes.
bool is_one_thing(std::string_view text) {
    if (text.size() > 1 && text.starts_with('"')) return text.ends_with('"');
    return text.find(' ') == std::string_view::npos;
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

std::optional<Match> match(std::string_view words, std::initializer_list<Sentences> tables) {
    std::optional<Match> best;
    std::size_t least = 0;
    for (const Sentences table : tables) {
        for (const Sentence& sentence : table) {
            auto cited = holes(words, sentence.en);
            if (!cited) continue;
            std::size_t bytes = 0;
            for (const std::string_view text : *cited) bytes += text.size();
            if (best && bytes >= least) continue;
            best = Match{&sentence, std::move(*cited)};
            least = bytes;
        }
    }
    return best;
}

std::string filled(std::string_view zh, std::span<const std::string> cited) {
    std::string out;
    for (const std::string& text : cited) {
        const std::size_t hole = zh.find("{}");
        if (hole == std::string_view::npos) break;
        out.append(zh.substr(0, hole)).append(text);
        zh.remove_prefix(hole + 2);
    }
    return out.append(zh);
}

}  // namespace surged::app::cli
