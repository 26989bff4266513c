#include "config/ladder_text.hpp"

#include "config/document.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <utility>

namespace surged::config {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
        out.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return out;
}

/// Where the character of this column begins, both counted from 1 and 0.
std::size_t byte_of(std::string_view line, int column) {
    std::size_t at = 0;
    for (int seen = 1; seen < column && at < line.size(); ++seen) do
            ++at;
        while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xc0U) == 0x80U);
    return at;
}

const Node* member(const Node* node, std::string_view key) {
    if (node == nullptr || node->kind != Node::Kind::map) return nullptr;
    const Node::Entry* const entry = node->find(key);
    return entry == nullptr ? nullptr : entry->value;
}

const Node* trigger_of(const Document& document, const std::string& id) {
    const Node* const triggers = member(document.root(), "triggers");
    if (triggers == nullptr) return nullptr;
    for (const Node* one : triggers->items)
        if (const Node* name = member(one, "id"); name != nullptr && name->text == id) return one;
    return nullptr;
}

const Node* ladder_of(const Node* condition) {
    const Node* const above = member(condition, "above");
    return above != nullptr ? above : member(condition, "below");
}

std::string number(double value) {
    std::string out = fmt::format("{:.6f}", value);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.')) out.pop_back();
    return out;
}

/// In the spelling of the text that was there.
std::string spelled(board::Millionths value, const std::string& like) {
    const double units = static_cast<double>(value) / 1e6;
    if (like.ends_with('%')) return number(units * 100) + "%";
    const auto digits = like.find_first_not_of("-0123456789.");
    const std::string unit = digits == std::string::npos ? "" : like.substr(digits);
    if (unit.empty()) {
        const auto point = like.find('.');
        const std::size_t decimals = point == std::string::npos ? 0 : like.size() - point - 1;
        std::string same = fmt::format("{:.{}f}", units, decimals);
        return number(std::stod(same)) == number(units) ? same : number(units);
    }
    if (unit == "m" && value % 60'000'000 == 0) return number(units / 60) + "m";
    if (unit == "h" && value % 3'600'000'000 == 0) return number(units / 3600) + "h";
    return number(units) + "s";
}

/// Replaces one threshold in `lines`.
Status put(std::vector<std::string>& lines, const Document& document, const RungEdit& edit) {
    const auto lost = [&](std::string_view why) {
        return fail(
            fmt::format("{} of trigger {}: {}", plan::name_of(edit.level), edit.trigger, why),
            "change it by hand"
        );
    };
    const Node* condition = trigger_of(document, edit.trigger);
    if (condition == nullptr) return lost("no such trigger in the text");
    if (edit.override_at) {
        const Node* const overrides = member(condition, "overrides");
        if (overrides == nullptr || overrides->items.size() <= *edit.override_at)
            return lost("no such override");
        condition = overrides->items[*edit.override_at];
        if (ladder_of(condition) == nullptr) return {};
    }
    const Node* const rung = member(ladder_of(condition), plan::name_of(edit.level));
    if (rung == nullptr && edit.override_at) return {};
    if (rung == nullptr || rung->at.line <= 0)
        return lost("its threshold is not where it should be");
    const auto row = static_cast<std::size_t>(rung->at.line) - 1;
    if (row >= lines.size()) return lost("its threshold is not where it should be");
    std::size_t at = byte_of(lines[row], rung->at.column);
    if (at < lines[row].size() && (lines[row][at] == '"' || lines[row][at] == '\'')) ++at;
    if (lines[row].compare(at, rung->text.size(), rung->text) != 0 || rung->text.empty())
        return lost("it is not written where it stands");
    lines[row].replace(at, rung->text.size(), spelled(edit.to, rung->text));
    return {};
}

}  // namespace

std::string plan_in(std::string_view text) {
    Report report;
    const Document document = Document::parse("", text, report);
    const Node* const name = member(document.root(), "plan");
    return name == nullptr ? "" : name->text;
}

Result<std::string> with_rungs(std::string_view text, const std::vector<RungEdit>& edits) {
    Report report;
    std::vector<std::string> lines = lines_of(text);
    std::string out{text};
    for (const RungEdit& edit : edits) {  // places move with each
        const Document document = Document::parse("", out, report);
        if (auto done = put(lines, document, edit); !done) return tl::make_unexpected(done.error());
        out.clear();
        for (const std::string& line : lines) out += line;
    }
    return out;
}

std::string unified_diff(const std::string& path, std::string_view before, std::string_view after) {
    constexpr std::size_t around = 3;
    const std::vector<std::string> a = lines_of(before);
    const std::vector<std::string> b = lines_of(after);
    std::string out;
    const std::size_t size = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < size;) {
        if (a[i] == b[i]) {
            ++i;
            continue;
        }
        const std::size_t from = i > around ? i - around : 0;
        std::size_t last = i;
        for (std::size_t k = i; k < size && k <= last + 2 * around; ++k)
            if (a[k] != b[k]) last = k;
        const std::size_t to = std::min(size, last + around + 1);
        if (out.empty()) out = fmt::format("--- a/{0}\n+++ b/{0}\n", path);
        out += fmt::format("@@ -{0},{1} +{0},{1} @@\n", from + 1, to - from);
        const auto put_line = [&](char sign, const std::string& line) {
            out += sign + line;
            if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
        };
        for (std::size_t k = from; k < to;) {
            if (a[k] == b[k]) {
                put_line(' ', a[k++]);
                continue;
            }
            std::size_t end = k;
            while (end < to && a[end] != b[end]) ++end;
            for (std::size_t n = k; n < end; ++n) put_line('-', a[n]);
            for (; k < end; ++k) put_line('+', b[k]);
        }
        i = to;
    }
    return out;
}

}  // namespace surged::config
