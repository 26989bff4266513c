#include "support/dashboards.hpp"

#include "places.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace surged::test {

std::vector<DashboardFile> dashboard_files(const std::string& folder, std::string_view ending) {
    namespace fs = std::filesystem;
    const fs::path root{SURGED_SOURCE_DIR};
    std::vector<DashboardFile> files;
    fs::recursive_directory_iterator it{root / "dashboards" / folder};
    for (; it != fs::recursive_directory_iterator{}; ++it) {
        if (it->path().filename() == "node_modules") {
            it.disable_recursion_pending();
        } else if (it->path().string().ends_with(ending)) {
            std::ifstream in{it->path(), std::ios::binary};
            files.push_back({
                fs::relative(it->path(), root).string(), {std::istreambuf_iterator<char>{in}, {}}
            });
        }
    }
    std::sort(files.begin(), files.end(), [](const DashboardFile& a, const DashboardFile& b) {
        return a.path < b.path;
    });
    return files;
}

std::set<std::string> series_names(std::string_view text) {
    static const std::regex name{R"([a-z_:0-9]*\bsurged_[a-z0-9_]+[a-z_:0-9]*)"};
    std::set<std::string> names;
    const std::string all{text};
    std::sregex_iterator it{all.begin(), all.end(), name};
    for (; it != std::sregex_iterator{}; ++it) names.insert(it->str());
    return names;
}

}  // namespace surged::test
