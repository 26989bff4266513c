// Sentences in English and in Chinese, with holes for what they cite.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace surged::app::cli {

/// "{}" stands for anything on one line; at the beginning of `en` for one word, or for one text in
/// quotes. The holes of both come in the same order.
struct Sentence {
    std::string_view en, zh;
};

/// `words` by the first sentence that they are, with what they cite; nullopt: none is it.
[[nodiscard]] std::optional<std::string> by_sentence(
    std::string_view words, std::span<const Sentence> sentences
);

}  // namespace surged::app::cli
