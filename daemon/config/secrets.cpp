// The files that surged.yaml names and that hold a secret: a check reads them as a start would.
#include "config/decode.hpp"
#include "config/document.hpp"
#include "config/report.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace surged::config {
namespace {

constexpr std::array<std::string_view, 4> secret_keys{
    "secret_file", "key_file", "password_file", "token_file"
};

class Search {
public:
    Search(const Document& document, std::string folder)
        : document_{document}, folder_{std::move(folder)} {}

    SecretsFound run() {
        walk(*document_.root(), "");
        return {mistakes_.sorted(), warnings_.sorted(), read_};
    }

private:
    void walk(const Node& node, const std::string& path) {
        std::size_t index = 0;
        for (const Node* item : node.items) walk(*item, fmt::format("{}[{}]", path, index++));
        for (const Node::Entry& entry : node.entries) {
            const std::string below = path.empty() ? entry.key : path + "." + entry.key;
            const bool secret =
                std::find(secret_keys.begin(), secret_keys.end(), entry.key) != secret_keys.end();
            if (secret && entry.value->kind == Node::Kind::scalar)
                look(entry, below);
            else
                walk(*entry.value, below);
        }
    }

    void look(const Node::Entry& entry, const std::string& path) {
        if (entry.value->text.empty()) return;
        const std::string file = secret_path(absolute(folder_, entry.value->text));
        if (const auto secret = read_secret(file); !secret) {
            add(mistakes_, entry, path + ": " + secret.error().what, secret.error().hint);
            return;
        }
        ++read_;
        struct stat status{};
        if (::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0)
            add(warnings_,
                entry,
                fmt::format("{}: everybody on this machine may read {}", path, file),
                "readable by the daemon alone: chmod o-r");
    }

    void add(Report& report, const Node::Entry& entry, std::string what, std::string expected)
        const {
        const std::string& origin = entry.value->origin;
        if (!origin.empty())
            report.add({origin, 0, 0, std::move(what), std::move(expected), ""});
        else
            report.add(
                {document_.file(),
                 entry.at.line,
                 entry.at.column,
                 std::move(what),
                 std::move(expected),
                 ""}
            );
    }

    const Document& document_;
    std::string folder_;
    Report mistakes_, warnings_;
    std::size_t read_{0};
};

}  // namespace

SecretsFound check_secrets(
    const std::string& file, const std::vector<std::pair<std::string, std::string>>& sets
) {
    Report report;
    const auto bytes = read_file(file, Bounds::bytes);
    if (!bytes) return {{{file, 0, 0, bytes.error().what, "surged.yaml", ""}}, {}, 0};
    Document document = Document::parse(file, *bytes, report);
    if (document.root() == nullptr) return {report.sorted(), {}, 0};
    for (const auto& [path, value] : sets) apply_set(document, path, value, report);
    if (!report.empty()) return {report.sorted(), {}, 0};
    std::error_code error;
    const auto whole = std::filesystem::absolute(file, error);
    return Search{document, whole.parent_path().string()}.run();
}

}  // namespace surged::config
