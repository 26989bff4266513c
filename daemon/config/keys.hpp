// Every key of every file, once: what may be written, with its range and default. The decoder
// checks files against this table and docs/reference/configuration.md is tested to show all of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace surged::config {

enum class File : std::uint8_t { surged, site, roster, plan, notices, map, test };
[[nodiscard]] std::string_view title_of(File file);  // surged.yaml, site.yaml, …

enum class Type : std::uint8_t {
    section,     // a map of the keys below it
    table,       // a map of names, each with the keys below `.*`
    list,        // a list, each item as said below `[]`
    text,        // any text
    name,        // letters, digits, - and _
    integer,     // a whole number
    percent,     // 20% or 0.2
    duration,    // 90s, 5m, 1h30m, 250ms
    boolean,     // true or false
    choice,      // one of the words of `range`
    path,        // relative to the file
    address,     // host:port
    url,         // http:// or https://
    bilingual,   // {zh-CN: …, en: …}
    globs,       // names of queues with * and ?
    names,       // a list of names
    amount,      // a number, percentage or duration, as the KPI has it
    ladder,      // an amount per level, {IV: …, III: …, II: …, I: …}
    durations,   // a duration, or one per level
    condition,   // the keys of a trigger, without id and page
    reference,   // where in a payload: /a/b, top:/a, header:name, query:name
    references,  // one, or a list
    field,       // of an event: a word, a reference, or the keys of `field`
    words,       // a word, or a list of them
};
[[nodiscard]] std::string_view name_of(Type type);
[[nodiscard]] std::string with_article(Type type);  // a duration, an amount, …

/// A key by its path: `.*` stands for a name of the user's, `[]` for the items of a list.
struct Key {
    File file;
    std::string_view path;
    Type type;
    std::string_view range;     // "1..65535", "1s..1h"; of a choice "reader | source"; or nothing
    std::string_view fallback;  // the default; "required"; or nothing: may be left out
    std::string_view meaning;
    bool built{true};          // false: known, refused with "is not built yet"
    std::string_view later{};  // of a choice: words that are not built yet

    [[nodiscard]] bool required() const { return fallback == "required"; }
};
[[nodiscard]] std::span<const Key> key_table();
[[nodiscard]] const Key* find_key(File file, std::string_view path);
/// The keys right below `section`; "" for the top of the file.
[[nodiscard]] std::vector<const Key*> keys_below(File file, std::string_view section);

/// "a | b | c" as words.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view choices);

/// The table of a file as Markdown, for the reference.
[[nodiscard]] std::string reference_of(File file);

}  // namespace surged::config
