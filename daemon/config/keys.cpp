#include "config/keys.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace surged::config {
namespace {

using enum Type;

std::string_view parent_of(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::string value_of(const Key& key) {
    if (key.type == choice) {
        std::string out;
        for (const std::string_view word : words_of(key.range))
            out += fmt::format("{}`{}`", out.empty() ? "" : ", ", word);
        return out;
    }
    if (key.range.empty()) return std::string{name_of(key.type)};
    const std::size_t dots = key.range.find("..");
    SURGED_ASSERT(dots != std::string_view::npos);
    return fmt::format(
        "{}, {} to {}", name_of(key.type), key.range.substr(0, dots), key.range.substr(dots + 2)
    );
}

}  // namespace

std::string_view title_of(File file) {
    switch (file) {
        case File::surged:
            return "surged.yaml";
        case File::site:
            return "site.yaml";
        case File::roster:
            return "roster.yaml";
        case File::plan:
            return "plans/*.yaml";
        case File::notices:
            return "notices.yaml";
        case File::map:
            return "a webhook map";
        case File::test:
            return "tests of rules";
    }
    return {};
}

std::string_view name_of(Type type) {
    switch (type) {
        case section:
            return "map";
        case table:
            return "map by name";
        case list:
            return "list";
        case text:
            return "text";
        case name:
            return "name";
        case integer:
            return "whole number";
        case percent:
            return "percentage";
        case duration:
            return "duration";
        case boolean:
            return "true or false";
        case choice:
            return "word";
        case path:
            return "path";
        case address:
            return "host:port";
        case url:
            return "URL with http or https";
        case bilingual:
            return "text in zh-CN and en";
        case globs:
            return "list of queue names, * and ? match any";
        case names:
            return "list of names";
        case amount:
            return "amount";
        case ladder:
            return "amount per level";
        case durations:
            return "duration, or one per level";
        case condition:
            return "condition";
        case reference:
            return "reference";
        case references:
            return "reference, or a list of them";
        case field:
            return "word, reference(s), or `field`";
        case words:
            return "word, or a list of them";
    }
    return {};
}

namespace {

/// The table by path and by section: a check of a thousand plans asks it millions of times.
struct Index {
    std::map<std::pair<File, std::string_view>, const Key*> by_path;
    std::map<std::pair<File, std::string_view>, std::vector<const Key*>> below;
    Index() {
        for (const Key& key : key_table()) {
            by_path.emplace(std::pair{key.file, key.path}, &key);
            below[{key.file, parent_of(key.path)}].push_back(&key);
        }
    }
};

const Index& index() {
    static const Index made;
    return made;
}

}  // namespace

const Key* find_key(File file, std::string_view path) {
    const auto found = index().by_path.find({file, path});
    return found == index().by_path.end() ? nullptr : found->second;
}

std::vector<const Key*> keys_below(File file, std::string_view section_path) {
    const auto found = index().below.find({file, section_path});
    return found == index().below.end() ? std::vector<const Key*>{} : found->second;
}

std::string with_article(Type type) {
    const std::string_view name = name_of(type);
    const bool vowel = std::string_view{"aeiou"}.find(name.front()) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", name);
}

std::vector<std::string_view> words_of(std::string_view choices) {
    std::vector<std::string_view> out;
    while (!choices.empty()) {
        const std::size_t bar = choices.find(" | ");
        out.push_back(choices.substr(0, bar));
        choices = bar == std::string_view::npos ? std::string_view{} : choices.substr(bar + 3);
    }
    return out;
}

std::string reference_of(File file) {
    std::string out = "| key | value | default | meaning |\n|---|---|---|---|\n";
    std::string later;
    const auto not_yet = [&](std::string_view what) {
        later += fmt::format("{}`{}`", later.empty() ? "" : ", ", what);
    };
    for (const Key& key : key_table()) {
        if (key.file != file) continue;
        for (const std::string_view word : words_of(key.later))
            not_yet(fmt::format("{}: {}", key.path, word));
        if (!key.built) {
            not_yet(key.path);
            continue;
        }
        const std::string fallback = key.required()         ? "required"
                                     : key.fallback.empty() ? "–"
                                                            : fmt::format("`{}`", key.fallback);
        out += fmt::format(
            "| `{}` | {} | {} | {} |\n", key.path, value_of(key), fallback, key.meaning
        );
    }
    if (!later.empty()) out += "\nKnown, and refused as not built yet: " + later + ".\n";
    return out;
}

}  // namespace surged::config
