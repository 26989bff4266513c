#include "app/cli/show.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

const json::value* find(const json::value& root, std::string_view pointer) {
    boost::system::error_code ec;
    const json::value* found =
        root.find_pointer(json::string_view{pointer.data(), pointer.size()}, ec);
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string number(double value) {
    if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
    return fmt::format("{:.2f}", value);
}

std::optional<double> number_of(const json::value& value) {
    if (!value.is_number()) return std::nullopt;
    return value.to_number<double>();
}

std::string text_of(const json::value& value) {
    if (value.is_string()) return std::string{value.get_string()};
    if (value.is_bool()) return value.get_bool() ? "yes" : "no";
    if (const auto n = number_of(value)) return number(*n);
    if (!value.is_array()) return json::serialize(value);
    std::string out;
    for (const json::value& item : value.get_array()) {
        if (!out.empty()) out += ", ";
        out += text_of(item);
    }
    return out;
}

}  // namespace

std::string cell(const json::value& root, std::string_view pointer) {
    const json::value* found = find(root, pointer);
    return found == nullptr ? std::string{} : text_of(*found);
}

bool is_open_page(const json::value& page) {
    const auto open = cell(page, "/open");
    return open.empty() ? is_unsettled(page) : open == "yes";
}

bool is_unsettled(const json::value& page) {
    const auto state = cell(page, "/state");
    return state == "due" || state == "sent" || state == "accepted";
}

const json::array& list_at(const json::value& root, const char* key) {
    static const json::array none;
    const json::value* found = root.is_object() ? root.get_object().if_contains(key) : nullptr;
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::optional<double> number_at(const json::value& root, std::string_view pointer) {
    const json::value* found = find(root, pointer);
    return found == nullptr ? std::nullopt : number_of(*found);
}

std::string percent_cell(const json::value& root, std::string_view pointer) {
    const auto value = number_at(root, pointer);
    return value ? fmt::format("{:.1f} %", *value * 100) : std::string{};
}

}  // namespace surged::app::cli
