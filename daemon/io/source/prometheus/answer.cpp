#include "io/source/prometheus/answer.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace surged::io::prometheus {
namespace json = boost::json;
namespace {

std::string_view text_of(const json::object& object, std::string_view key) {
    const json::value* const found = object.if_contains(key);
    if (found == nullptr || !found->is_string()) return {};
    return {found->get_string().data(), found->get_string().size()};
}

/// [1795452000.781, "0.5"]; false: something else.
bool read_pair(const json::value& pair, Sample& out, bool& finite) {
    if (!pair.is_array() || pair.get_array().size() != 2) return false;
    const json::value& value = pair.get_array()[1];
    if (!value.is_string()) return false;
    const json::string& text = value.get_string();
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, out.value);
    finite = failed == std::errc{} && stop == end && std::isfinite(out.value);
    return true;
}

bool read_labels(const json::object& series, Labels& out) {
    const json::value* const labels = series.if_contains("metric");
    if (labels == nullptr || !labels->is_object()) return false;
    for (const auto& [name, value] : labels->get_object()) {
        if (!value.is_string()) return false;
        if (name != "__name__") out.emplace_back(name, value.get_string());
    }
    return true;
}

bool read_vector(const json::array& series, std::vector<Sample>& out) {
    for (const json::value& each : series) {
        if (!each.is_object()) return false;
        const json::value* const pair = each.get_object().if_contains("value");
        Sample sample;
        bool finite = false;
        if (pair == nullptr || !read_pair(*pair, sample, finite)) return false;
        if (!read_labels(each.get_object(), sample.labels)) return false;
        if (finite) out.push_back(std::move(sample));
    }
    return true;
}

}  // namespace

std::string query_form(std::string_view query) {
    std::string out = "query=";
    for (const char c : query) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

Result<std::vector<Sample>> parse_answer(std::string_view body) {
    const auto strange = [] { return fail("the answer is not that of a Prometheus server"); };
    json::error_code failed;
    const json::value root = json::parse(json::string_view{body.data(), body.size()}, failed);
    if (failed || !root.is_object()) return strange();
    const std::string_view status = text_of(root.get_object(), "status");
    if (status == "error")
        return fail(fmt::format(
            "{}: {}", text_of(root.get_object(), "errorType"), text_of(root.get_object(), "error")
        ));
    const json::value* const data = root.get_object().if_contains("data");
    if (status != "success" || data == nullptr || !data->is_object()) return strange();
    const std::string_view type = text_of(data->get_object(), "resultType");
    const json::value* const result = data->get_object().if_contains("result");
    if (result == nullptr || !result->is_array()) return strange();
    std::vector<Sample> out;
    if (type == "scalar") {
        Sample sample;
        bool finite = false;
        if (!read_pair(*result, sample, finite)) return strange();
        if (finite) out.push_back(std::move(sample));
        return out;
    }
    if (type != "vector") return fail(fmt::format("the query gives a {}, not a vector", type));
    if (!read_vector(result->get_array(), out)) return strange();
    return out;
}

}  // namespace surged::io::prometheus
