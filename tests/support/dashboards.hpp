// The files of dashboards/ as text, and the names of series in them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

struct DashboardFile {
    std::string path;  // from the root of the tree
    std::string text;
};
/// Files below dashboards/FOLDER with this ending, by path; what npm installs is left out.
[[nodiscard]] std::vector<DashboardFile> dashboard_files(
    const std::string& folder, std::string_view ending
);

/// Names that begin with surged_ in a text; those of recording rules (with a colon) whole.
[[nodiscard]] std::set<std::string> series_names(std::string_view text);

}  // namespace surged::test
