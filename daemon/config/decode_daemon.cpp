// surged.yaml, decoded and checked against itself.
#include "config/decode.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace surged::config {
namespace {

/// "127.0.0.1:9469", "localhost:0", "[::1]:9469".
Parsed<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text) {
    const auto bad = [&](std::string_view why) {
        return tl::make_unexpected(Complaint{fmt::format("{} {}", shown(text), why), "", ""});
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return bad("has no port");
    const auto port = parse_integer(text.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535) return bad("has no port from 0 to 65535");
    std::string host{text.substr(0, colon)};
    if (host == "localhost") host = "127.0.0.1";
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    unsigned char binary[sizeof(in6_addr)];
    if (inet_pton(bracketed ? AF_INET6 : AF_INET, host.c_str(), binary) != 1)
        return bad("does not begin with an address");
    return std::pair{host, static_cast<std::uint16_t>(*port)};
}

Parsed<std::string> parse_url(std::string_view text) {
    std::string_view rest = text;
    const auto bad = [&](std::string_view why) {
        return tl::make_unexpected(Complaint{fmt::format("{} {}", shown(text), why), "", ""});
    };
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return bad("does not begin with http:// or https://");
    }
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.empty() || authority.front() == ':') return bad("names no host");
    if (authority.find('@') != std::string_view::npos)
        return tl::make_unexpected(Complaint{"a user or password in the URL", "a *_file", ""});
    if (!is_clean(text) || text.find_first_of(" \"<>\\") != std::string_view::npos)
        return bad("has a character that no URL has");
    return std::string{text};
}

class Decoder {
public:
    explicit Decoder(const std::string& folder) : folder_{folder} {}

    Daemon run(const Cursor& top) {
        if (!top.is_map()) return std::move(out_);
        if (const auto at = top.get("http")) http(*at);
        store(top);
        out_.rules_path = absolute("/etc/surged/rules");
        if (const auto at = top.get("rules"); at && at->is_map())
            out_.rules_path = path(*at, "path");
        if (const auto at = top.get("limits"); at && at->is_map()) limits(*at);
        if (const auto at = top.get("sources"); at && !too_many(*at))
            for (const auto& [name, each] : at->entries()) source(name, each);
        if (const auto at = top.get("channels"); at && !too_many(*at))
            for (const auto& [name, each] : at->entries()) channel(name, each);
        check_companions();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string absolute(const std::string& text) const {
        if (text.empty()) return {};
        std::filesystem::path path = (std::filesystem::path{folder_} / text).lexically_normal();
        if (!path.has_filename() && path.has_relative_path()) path = path.parent_path();
        return path.string();
    }
    [[nodiscard]] std::string path(const Cursor& at, std::string_view key) const {
        return absolute(at.text(key));
    }
    static std::string url(const Cursor& at, std::string_view key) {
        const auto value = at.get(key);
        if (!value || (value->is_scalar() && value->node().text.empty())) return {};
        return value->value<std::string>(parse_url, "an http:// or https:// URL").value_or("");
    }

    /// Sources, channels and tokens are compared with each other, and few by nature.
    static bool too_many(const Cursor& at) {
        constexpr std::size_t most = 250;
        const std::size_t count = at.node().entries.size() + at.node().items.size();
        if (count > most) at.say(fmt::format("{} of them", count), fmt::format("at most {}", most));
        return count > most;
    }

    void http(const Cursor& at) {
        if (!at.is_map()) return;
        if (const auto listen = at.get("listen")) {
            const auto parsed = listen->value<std::pair<std::string, std::uint16_t>>(
                parse_listen, "an address and port such as 127.0.0.1:9469"
            );
            if (parsed) std::tie(out_.http.address, out_.http.port) = *parsed;
        }
        out_.http.public_url = url(at, "public_url");
        const auto tokens = at.get("tokens");
        if (!tokens || too_many(*tokens)) return;
        for (const Cursor& item : tokens->items()) {
            if (!item.is_map()) continue;
            Token token{
                item.name("name"), item.choice("role"), item.name("site"), path(item, "secret_file")
            };
            const auto same = [&](const Token& other) { return other.name == token.name; };
            if (token.name == "local") item.say_at("name", "local is the caller without a token");
            if (!token.name.empty() &&
                std::any_of(out_.http.tokens.begin(), out_.http.tokens.end(), same))
                item.say_at(
                    "name", shown(token.name) + " is the name of another token", "a name of its own"
                );
            out_.http.tokens.push_back(std::move(token));
        }
    }

    void store(const Cursor& top) {
        const auto at = top.get("store");
        out_.store.path = absolute(out_.store.path);
        if (!at || !at->is_map()) return;
        out_.store.path = path(*at, "path");
        out_.store.retention = at->duration("retention");
        out_.store.snapshot_every = at->duration("snapshot_every");
        out_.store.record_state_hash = at->boolean("record_state_hash");
    }

    void limits(const Cursor& at) {
        out_.limits.queues = static_cast<std::uint32_t>(at.integer("queues"));
        out_.limits.open_calls = static_cast<std::uint32_t>(at.integer("open_calls"));
        out_.limits.call_ttl = at.duration("call_ttl");
        out_.limits.queue_ttl = at.duration("queue_ttl");
        out_.limits.lateness = at.duration("lateness");
    }

    /// A type of a later issue has keys of its own: nothing else is said about it.
    static bool type_is_later(const Cursor& at, std::string_view known_as) {
        const auto* entry = at.node().find("type");
        const Key* key = find_key(File::surged, known_as);
        if (entry == nullptr || key == nullptr) return false;
        const auto words = words_of(key->later);
        if (std::find(words.begin(), words.end(), entry->value->text) == words.end()) return false;
        return at.choice("type").empty();
    }

    void source(const std::string& name, const Cursor& at) {
        if (at.node().kind == Node::Kind::map && type_is_later(at, "sources.*.type")) return;
        if (!at.is_map()) return;
        Source source;
        source.name = name;
        source.type = at.choice("type");
        source.site = at.name("site");
        source.host = at.text("host");
        source.port = static_cast<std::uint16_t>(at.integer("port"));
        source.username = at.text("username");
        source.secret_file = path(at, "secret_file");
        source.stale_after = at.duration("stale_after");
        source.companion = at.name("companion");
        source.queues = at.globs("queues");
        if (source.host.find_first_of(" /@") != std::string::npos)
            at.say_at("host", shown(source.host) + " is not a host", "a host name or an address");
        out_.sources.push_back(std::move(source));
        source_at_.push_back(at);
    }

    void channel(const std::string& name, const Cursor& at) {
        if (at.node().kind == Node::Kind::map && type_is_later(at, "channels.*.type")) return;
        if (!at.is_map()) return;
        Channel channel;
        channel.name = name;
        channel.type = at.choice("type");
        channel.base_url = url(at, "base_url");
        channel.secret_file = path(at, "secret_file");
        channel.timeout = at.duration("timeout");
        channel.hub_signature = at.boolean("hub_signature");
        channel.allow_private = at.boolean("allow_private");
        if (channel.type == "webhook") {
            for (const char* key : {"base_url", "secret_file"})
                if (!at.has(key))
                    at.say(fmt::format("{} is missing", key), "it, since this is a webhook");
        }
        out_.channels.push_back(std::move(channel));
    }

    /// A queue has one source, unless the other is its companion.
    void check_companions() {
        constexpr std::size_t most_queues = 10'000;
        std::size_t queues = 0;
        for (const Source& source : out_.sources) queues += source.queues.size();
        if (queues > most_queues)
            return source_at_.back().say(
                fmt::format("all sources together name {} queues", queues),
                fmt::format("at most {}", most_queues)
            );
        std::vector<std::string_view> names;
        names.reserve(out_.sources.size());
        for (const Source& source : out_.sources) names.push_back(source.name);
        for (std::size_t i = 0; i < out_.sources.size(); ++i) {
            const Source& source = out_.sources[i];
            const Cursor& own = source_at_[i];
            if (const auto at = own.get("companion"); at && !source.companion.empty()) {
                const std::string& name = source.companion;
                if (name == source.name) at->say("a source cannot accompany itself");
                if (std::find(names.begin(), names.end(), name) == names.end())
                    at->say("no source " + shown(name), one_of(names), nearest(name, names));
            }
            for (std::size_t j = 0; j < i; ++j) {  // each pair once, said at the later one
                const Source& other = out_.sources[j];
                if (other.site != source.site || other.companion == source.name ||
                    source.companion == other.name)
                    continue;
                for (const std::string& queue : source.queues)
                    if (any_overlap(queue, other.queues))
                        own.say_at(
                            "queues",
                            fmt::format("queue {} is fed by {} too", shown(queue), other.name),
                            "one source for a queue, or a companion"
                        );
            }
        }
    }
    static bool any_overlap(const std::string& queue, const std::vector<std::string>& others) {
        return std::any_of(others.begin(), others.end(), [&](const std::string& other) {
            return plan::glob_matches(other, queue) || plan::glob_matches(queue, other);
        });
    }

    const std::string& folder_;
    Daemon out_;
    std::vector<Cursor> source_at_;  // where each of out_.sources stands
};

}  // namespace

Daemon decode_daemon(const Cursor& top, const std::string& folder) {
    return Decoder{folder}.run(top);
}

}  // namespace surged::config
