#include "app/ack_keys.hpp"

#include "app/whole_file.hpp"
#include "base/log.hpp"
#include "io/crypto.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

namespace surged::app {
namespace {

using io::ack::Key;

constexpr std::string_view heading = "surged ack keys 1";
constexpr std::size_t secret_bytes = 32;

/// The file is lines of "id made_us secret" below its heading.
std::optional<std::vector<Key>> parse(const std::string& text) {
    std::istringstream lines{text};
    std::string line;
    if (!std::getline(lines, line) || line != heading) return std::nullopt;
    std::vector<Key> keys;
    while (std::getline(lines, line)) {
        std::istringstream words{line};
        Key key;
        std::string secret;
        words >> key.id >> key.made.us >> secret;
        auto bytes = io::crypto::from_base64url(secret);
        if (!words || !bytes || bytes->size() != secret_bytes) return std::nullopt;
        key.secret = std::move(*bytes);
        keys.push_back(std::move(key));
    }
    if (keys.empty() || keys.size() > 2) return std::nullopt;
    return keys;
}

std::string text_of(const std::vector<Key>& keys) {
    std::string out = fmt::format("{}\n", heading);
    for (const Key& key : keys)
        out += fmt::format("{} {} {}\n", key.id, key.made.us, io::crypto::to_base64url(key.secret));
    return out;
}

Key new_key(Wall now) {
    Key key;
    const std::string id = io::crypto::random_bytes(sizeof key.id);
    std::memcpy(&key.id, id.data(), sizeof key.id);
    key.made = now;
    key.secret = io::crypto::random_bytes(secret_bytes);
    return key;
}

}  // namespace

Result<std::vector<Key>> ack_keys(const std::string& store_path, Wall now) {
    const std::string file = store_path + "/ack.keys";
    std::vector<Key> keys;
    if (std::ifstream in{file, std::ios::binary}; in) {
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        auto known = parse(text);
        if (known) {
            keys = std::move(*known);
        } else {
            log::line(
                log::Severity::warning,
                "ack_keys",
                {
                    {"why", file + " is damaged: made anew, earlier links no longer work"}
            }
            );
        }
    } else if (errno != ENOENT) {
        return fail(fmt::format("{}: {}", file, std::generic_category().message(errno)));
    }
    if (!keys.empty() && now.us - keys.front().made.us < ack_key_life.count()) return keys;
    keys.insert(keys.begin(), new_key(now));
    if (keys.size() > 2) keys.resize(2);
    if (auto written = write_whole(file, text_of(keys)); !written)
        return tl::make_unexpected(written.error());
    return keys;
}

}  // namespace surged::app
