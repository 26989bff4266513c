// surged.yaml, decoded and checked against itself.
#include "config/decode.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace surged::config {

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

namespace {

class Decoder {
public:
    explicit Decoder(const std::string& folder) : folder_{folder} {}

    Daemon run(const Cursor& top) {
        if (!top.is_map()) return std::move(out_);
        if (const auto at = top.get("http")) http(*at);
        store(top);
        out_.rules_path = absolute(folder_, "/etc/surged/rules");
        if (const auto at = top.get("rules"); at && at->is_map()) {
            out_.rules_path = path(*at, "path");
            out_.rules_watch = at->boolean("watch");
        }
        if (const auto at = top.get("limits"); at && at->is_map()) limits(*at);
        if (const auto at = top.get("sources"); at && !too_many(*at))
            for (const auto& [name, each] : at->entries()) source(name, each);
        if (const auto at = top.get("channels"); at && !too_many(*at))
            for (const auto& [name, each] : at->entries()) channel(name, each);
        check_companions();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string path(const Cursor& at, std::string_view key) const {
        return path_of(folder_, at, key);
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
        out_.http.public_url = url_of(at, "public_url");
        out_.http.thresholds_by_link = at.duration("thresholds_by_link");
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
        out_.store.path = absolute(folder_, out_.store.path);
        if (!at || !at->is_map()) return;
        out_.store.path = path(*at, "path");
        out_.store.retention = at->duration("retention");
        out_.store.snapshot_every = at->duration("snapshot_every");
        out_.store.pack_commits = static_cast<std::size_t>(at->integer("pack_commits"));
        out_.store.record_state_hash = at->boolean("record_state_hash");
    }

    void limits(const Cursor& at) {
        out_.limits.queues = static_cast<std::uint32_t>(at.integer("queues"));
        out_.limits.open_calls = static_cast<std::uint32_t>(at.integer("open_calls"));
        out_.limits.call_ttl = at.duration("call_ttl");
        out_.limits.mail_ttl = at.duration("mail_ttl");
        out_.limits.queue_ttl = at.duration("queue_ttl");
        out_.limits.lateness = at.duration("lateness");
    }

    void source(const std::string& name, const Cursor& at) {
        auto source = decode_source(name, at, folder_);
        if (!source) return;
        out_.sources.push_back(std::move(*source));
        source_at_.push_back(at.with_variant(out_.sources.back().type));
    }

    void channel(const std::string& name, const Cursor& at) {
        if (auto channel = decode_channel(name, at, folder_))
            out_.channels.push_back(std::move(*channel));
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
