// Webhook maps for tests: read as the daemon reads them, from YAML or from those that are shipped.
#pragma once

#include "config/daemon.hpp"
#include "support/temp_folder.hpp"

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace surged::test {

/// The webhook source that these lines below `sources.hook` describe; throws with what is wrong.
/// A map of its own is written to m.yaml beside it.
[[nodiscard]] inline config::WebhookSource webhook_source(
    std::string_view keys, std::string_view map = {}
) {
    const TempFolder folder;
    const std::string file = folder.path() + "/surged.yaml";
    std::ofstream{file} << "sources:\n  hook:\n    type: webhook\n    site: hz\n"
                        << "    signature: bearer\n    secret_file: s\n"
                        << keys;
    if (!map.empty()) std::ofstream{folder.path() + "/m.yaml"} << map;
    const auto loaded = config::load_daemon(file, {});
    if (loaded) return std::get<config::WebhookSource>(loaded->sources.at(0).of);
    std::string what;
    for (const config::Diagnostic& one : loaded.error()) what += one.text() + "\n";
    throw std::runtime_error{what};
}

[[nodiscard]] inline DocumentMap map_of(std::string_view yaml) {
    return webhook_source("    map: ./m.yaml\n", yaml).map;
}
[[nodiscard]] inline DocumentMap shipped_map(std::string_view name) {
    return webhook_source("    map: " + std::string{name} + "\n").map;
}

}  // namespace surged::test
