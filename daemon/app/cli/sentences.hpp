// Sentences in English and in Chinese, with holes for what they cite.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace surged::app::cli {

/// "{}" stands for anything on one line; at the beginning of `en` for one word, or for one text in
/// quotes. Both have as many holes, in the same order.
struct Sentence {
    std::string_view en, zh;
};
using Sentences = std::span<const Sentence>;

/// A sentence that some words are, and what stands in its holes.
struct Match {
    const Sentence* sentence{nullptr};
    std::vector<std::string_view> cited;
};

/// Of the sentences that `words` may be, the one that cites the least of them; nullopt: none is it.
[[nodiscard]] std::optional<Match> match(
    std::string_view words, std::initializer_list<Sentences> tables
);
/// The Chinese with its holes filled.
[[nodiscard]] std::string filled(std::string_view zh, std::span<const std::string> cited);

}  // namespace surged::app::cli
