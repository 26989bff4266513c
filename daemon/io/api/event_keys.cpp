#include "io/api/event_keys.hpp"

#include <bit>
#include <cstring>

namespace surged::io::api {
namespace {

// Asked of every field of every line: a name of eight bytes at most is one number, and one look
// tells which key that can be.
using Word = std::uint64_t;
constexpr std::size_t word_bytes = sizeof(Word);

constexpr Word word_of(std::string_view name) {
    Word out = 0;
    for (std::size_t i = 0; i < name.size(); ++i)
        out |= Word{static_cast<std::uint8_t>(name[i])} << (8 * i);
    return out;
}

constexpr std::size_t key_places_count = 64;
constexpr std::size_t place_of(Word word) { return (word * 0xffc6'a9ad'0332'5b05U) >> 58U; }

constexpr std::uint8_t no_key = 0xff;
struct KeyPlace {
    Word word{0};
    std::uint8_t key{no_key};
};

constexpr auto key_places = [] {
    std::array<KeyPlace, key_places_count> out{};
    for (std::size_t i = 0; i < key_names.size(); ++i) {
        const Word word = word_of(key_names[i]);
        out[place_of(word)] = {word, static_cast<std::uint8_t>(i)};
    }
    return out;
}();

constexpr bool each_has_its_own_place() {
    for (std::size_t i = 0; i < key_names.size(); ++i)
        if (key_names[i].size() > word_bytes ||
            key_places[place_of(word_of(key_names[i]))].key != i)
            return false;
    return true;
}
static_assert(each_has_its_own_place(), "two keys fall together: choose another factor");

std::optional<Key> key_of_word(Word word) {
    const KeyPlace& place = key_places[place_of(word)];
    if (place.key == no_key || place.word != word) return std::nullopt;
    return static_cast<Key>(place.key);
}

}  // namespace

std::optional<Key> key_of(std::string_view name) {
    if (name.size() > word_bytes) return std::nullopt;
    const auto key = key_of_word(word_of(name));
    return key && key_names[*key] == name ? key : std::nullopt;  // a NUL at its end is no end
}

std::optional<Key> key_before_quote(const char* text) {
    constexpr Word ones = 0x0101'0101'0101'0101U;
    Word word = 0;
    std::memcpy(&word, text, word_bytes);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    // The high bit of the first byte that is a quote, and maybe of later ones.
    const Word unlike = word ^ (ones * '"');
    const Word quotes = (unlike - ones) & ~unlike & (ones * 0x80);
    if (quotes == 0) return text[word_bytes] == '"' ? key_of_word(word) : std::nullopt;
    const Word before = (quotes & (~quotes + 1)) >> 7U;  // the lowest bit of the quote
    return key_of_word(word & (before - 1));
}

}  // namespace surged::io::api
