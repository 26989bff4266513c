#include "app/parts.hpp"

#include "app/store_view.hpp"
#include "app/whole_file.hpp"
#include "base/log.hpp"
#include "io/crypto.hpp"
#include "io/runtime/wall_clock.hpp"

#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace surged::app {
namespace net = boost::asio;
namespace {

constexpr std::size_t key_bytes = 32;

}  // namespace

Result<std::string> secret_or_none(const std::string& file) {
    if (file.empty()) return std::string{};
    return config::read_secret(file);
}

Clock shell_clock() {
    return {
        [] { return std::chrono::duration_cast<Micros>(io::steady_now().time_since_epoch()); },
        [] { return io::wall_now(); }
    };
}

Result<std::string> site_key(const std::string& store_path) {
    const std::string file = store_path + "/site.key";
    const int existing = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    std::string key(key_bytes, '\0');
    if (existing >= 0) {
        const auto got = ::read(existing, key.data(), key.size());
        ::close(existing);
        if (got == static_cast<ssize_t>(key_bytes)) return key;
        return fail(
            file + " is not a key of 32 bytes", "restore it, or remove it to begin a new one"
        );
    }
    key = io::crypto::random_bytes(key_bytes);
    if (auto kept = write_whole(file, key); !kept) return tl::make_unexpected(kept.error());
    return key;
}

std::function<std::string(std::string_view, std::string_view)> caller_hash(
    std::string site_key, const Live& live
) {
    return [key = std::move(site_key), &live](std::string_view number, std::string_view queue) {
        const auto& queues = live.engine().rules().site.queues;
        const auto rule = queues.find(std::string{queue});
        if (rule == queues.end() || rule->second.callers == plan::Callers::drop)
            return std::string{};
        return io::crypto::caller_pseudonym(key, number);
    };
}

Result<io::ApiOptions> api_options(
    const config::Daemon& config, const Live& live, std::shared_ptr<const io::ack::Links> links
) {
    io::ApiOptions out;
    out.links = std::move(links);
    out.http.address = config.http.address;
    out.http.port = config.http.port;
    for (const config::Token& token : config.http.tokens) {
        auto secret = config::read_secret(token.secret_file);
        if (!secret) return tl::make_unexpected(secret.error());
        const auto role = io::api::parse_role(token.role).value_or(io::api::Role::reader);
        out.tokens.push_back({token.name, role, token.site, std::move(*secret)});
    }
    auto key = site_key(config.store.path);
    if (!key) return tl::make_unexpected(key.error());
    out.ingest.caller = [hash = caller_hash(std::move(*key), live)](
                            std::string_view queue, std::string_view caller
                        ) {
        return hash(caller, queue);  // the two connectors name them in another order
    };
    return out;
}

std::unique_ptr<store::Housekeeper> make_keeper(
    const store::Options& where, const config::Store& config, Live& live, net::any_io_executor loop
) {
    store::KeepingRules keeping;
    keeping.retention = config.retention;
    keeping.packing.commits = config.pack_commits;
    store::KeeperPlan plan;
    plan.image_every = config.snapshot_every;
    store::KeeperEvents events;
    const auto tell = [&live, loop](bool ok, std::string what) {
        net::post(loop, [&live, ok, what = std::move(what)] {
            live.set_component({"housekeeping", ok, what, format_rfc3339(io::wall_now())});
        });
    };
    events.on_difference = [tell](const store::Difference& difference) {
        std::string what = fmt::format(
            "replay and live differ at record {}: no snapshot was kept", difference.seq
        );
        log::line(
            log::Severity::error,
            "effect_hash_differs",
            {
                {"seq", difference.seq}
        }
        );
        tell(false, std::move(what));
    };
    events.on_error = [tell](const Error& error) {
        log::line(
            log::Severity::warning,
            "housekeeping",
            {
                {"why", error.what}
        }
        );
        tell(false, error.what);
    };
    events.on_image = [tell](std::uint64_t seq) {
        tell(true, fmt::format("newest snapshot at record {}", seq));
    };
    return std::make_unique<store::Housekeeper>(
        where, keeping, plan, make_image, std::move(events)
    );
}

}  // namespace surged::app
