// A place in a YAML tree, read against the key table. Whatever is wrong goes to the report and
// reading goes on with the default, so that one run shows every mistake; the caller drops the
// result when anything was reported.
#pragma once

#include "base/time.hpp"
#include "config/document.hpp"
#include "config/keys.hpp"
#include "config/report.hpp"
#include "config/scalar.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::config {

class Cursor {
public:
    /// The top of `document`, which has a root, read as a `file`. Both outlive the cursor.
    Cursor(const Document& document, File file, Report& report);

    /// True if this is a map; checks its keys: an unknown one and one that is not built yet are
    /// reported. Call it once, before reading keys.
    bool is_map() const;
    [[nodiscard]] bool has(std::string_view key) const { return node_->find(key) != nullptr; }
    /// A key's value. Absent: nullopt, reported if the table requires it. Empty: reported.
    [[nodiscard]] std::optional<Cursor> get(std::string_view key) const;
    /// The entries of a map of names, with the keys below `.*`. Bad names are reported and left out
    /// unless `any_name`.
    [[nodiscard]] std::vector<std::pair<std::string, Cursor>> entries(bool any_name = false) const;
    /// The items of a list, with the keys below `[]`.
    [[nodiscard]] std::vector<Cursor> items() const;
    /// The same place read by the rules of another path: conditions are nested in conditions.
    [[nodiscard]] Cursor as(std::string_view section) const;
    /// The same place where the keys of one `type` join those of every type: `sources.*(ami).host`
    /// beside `sources.*.site`. A key of the type goes before one of every type.
    [[nodiscard]] Cursor with_variant(std::string_view type) const;
    /// The same place under another name in messages: triggers.late rather than triggers[2].
    [[nodiscard]] Cursor named(std::string path) const;

    // A key's value by type and range of the table; its default if absent or wrong.
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::string name(std::string_view key) const;
    [[nodiscard]] std::string choice(std::string_view key) const;
    [[nodiscard]] std::int64_t integer(std::string_view key) const;
    [[nodiscard]] Micros duration(std::string_view key) const;
    [[nodiscard]] board::Millionths percent(std::string_view key) const;
    [[nodiscard]] bool boolean(std::string_view key) const;
    [[nodiscard]] plan::Bilingual bilingual(std::string_view key) const;
    [[nodiscard]] std::vector<std::pair<std::string, Cursor>> names(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> globs(std::string_view key) const;
    /// One duration for all levels, or one per level; a level left out does what the next milder
    /// one does, and where there is none milder, what `fallback` says.
    [[nodiscard]] plan::PerLevel<Micros> durations(
        std::string_view key, const plan::PerLevel<Micros>& fallback
    ) const;
    /// The entries of a map of levels, mildest first; an unknown level is reported.
    [[nodiscard]] std::vector<std::pair<plan::Level, Cursor>> levels() const;

    // This value itself.
    [[nodiscard]] bool is_scalar() const { return node_->kind == Node::Kind::scalar; }
    /// A text that is not empty; reported and "" if it is something else.
    [[nodiscard]] std::string text() const;
    /// A name; reported and "" if it is something else.
    [[nodiscard]] std::string name() const;
    /// A text in both languages; what is missing is reported.
    [[nodiscard]] plan::Bilingual bilingual() const;
    /// Lets `parse` read this value's text; its complaint is reported.
    template <class T>
    [[nodiscard]] std::optional<T> value(
        const std::function<Parsed<T>(std::string_view)>& parse, std::string_view expected
    ) const {
        if (!scalar(expected)) return std::nullopt;
        auto parsed = parse(node_->text);
        if (parsed) return std::move(*parsed);
        Complaint& c = parsed.error();
        say(c.what, c.expected.empty() ? std::string{expected} : c.expected, c.suggestion);
        return std::nullopt;
    }

    /// Nothing more will be listed: looking for what was meant is a waste.
    [[nodiscard]] bool enough() const { return report_->full(); }
    /// Reports a mistake here: `path: what`.
    void say(std::string what, std::string expected = {}, std::string suggestion = {}) const;
    /// Reports a mistake at one of this map's keys, or here if it is absent.
    void say_at(
        std::string_view key,
        std::string what,
        std::string expected = {},
        std::string suggestion = {}
    ) const;
    /// Puts a surprise that is no mistake into `warnings`.
    void warn(Report& warnings, std::string what, std::string suggestion = {}) const;
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Where mistakes go: for reading another file that this place names.
    [[nodiscard]] Report& report() const { return *report_; }
    [[nodiscard]] const Node& node() const { return *node_; }
    /// The keys of this map in the order of the file.
    [[nodiscard]] const std::vector<Node::Entry>& keys() const { return node_->entries; }

private:
    Cursor(const Cursor& from, const Node& node, std::string section, std::string path);
    [[nodiscard]] std::vector<const Key*> known_keys() const;
    [[nodiscard]] const Key& row(std::string_view key) const;
    bool scalar(std::string_view expected) const;
    void say_place(
        const Node& node, Place at, std::string what, std::string expected, std::string suggestion
    ) const;
    void check_key(const Node::Entry& entry, const std::vector<const Key*>& known) const;

    const Document* document_;
    Report* report_;
    const Node* node_;
    File file_;
    std::string section_;  // path in the key table
    std::string variant_;  // another path whose keys stand here too; empty: none
    std::string path_;     // path for people
};

/// A name: letters (of any script), digits, - and _; at most 64 bytes.
[[nodiscard]] Parsed<std::string> parse_name(std::string_view text);
/// * and ? and names of queues; no blank at either end.
[[nodiscard]] Parsed<std::string> parse_glob(std::string_view text);
[[nodiscard]] Parsed<plan::Level> parse_level_word(std::string_view text);

}  // namespace surged::config
