// JSON answers as cells for people.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace surged::app::cli {

/// The value at a JSON pointer as text: empty if it is not there or null, numbers with two decimals
/// at most, lists joined by commas.
[[nodiscard]] std::string cell(const boost::json::value& root, std::string_view pointer);
/// Somebody is still to answer this page. A surged that does not say so is taken by its states:
/// one page too many is better than none.
[[nodiscard]] bool is_open_page(const boost::json::value& page);
/// By its state it was not answered, given up or over.
[[nodiscard]] bool is_unsettled(const boost::json::value& page);
/// The number at a JSON pointer.
[[nodiscard]] std::optional<double> number_at(
    const boost::json::value& root, std::string_view pointer
);
/// The list that is a member of an object; an empty one if there is none.
[[nodiscard]] const boost::json::array& list_at(const boost::json::value& root, const char* key);
/// A ratio as people read it: 0.8125 is "81.2 %"; empty if there is none.
[[nodiscard]] std::string percent_cell(const boost::json::value& root, std::string_view pointer);

}  // namespace surged::app::cli
