#include "app/daemon.hpp"

#include "app/ack_keys.hpp"
#include "app/live.hpp"
#include "app/parts.hpp"
#include "app/recover_store.hpp"
#include "app/reloader.hpp"
#include "app/rules_watch.hpp"
#include "app/source_starter.hpp"
#include "base/log.hpp"
#include "io/api/server.hpp"
#include "io/runtime/service_notify.hpp"
#include "io/runtime/wall_clock.hpp"
#include "io/source/source.hpp"
#include "store/housekeeper.hpp"
#include "store/worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace surged::app {
namespace net = boost::asio;

std::string text_of(const config::Diagnostics& diagnostics) {
    std::string out;
    for (const config::Diagnostic& one : diagnostics) out += one.text() + '\n';
    return out;
}

struct Daemon::Impl {
    DaemonOptions options;
    config::Daemon config;
    std::string site;

    net::io_context loop{1};     // one thread owns engine, sources, channels, HTTP
    net::thread_pool worker{1};  // rule parsing
    std::unique_ptr<store::SqliteJournal> journal;
    std::shared_ptr<io::ack::Links> links;
    std::unique_ptr<Live> live;
    std::unique_ptr<Reloader> reloader;
    std::unique_ptr<RulesWatch> watch;
    std::unique_ptr<store::Housekeeper> keeper;
    io::hook::Hooks hooks;
    std::vector<std::unique_ptr<io::Source>> sources;
    SourceStarter starter{loop.get_executor()};
    std::unique_ptr<io::ApiServer> api;
    net::signal_set signals{loop};
    net::steady_timer watchdog{loop}, deadline{loop}, rotation{loop};
    bool stopping{false};

    Status prepare();
    Status open_store(NewRules rules);
    LiveOptions live_options();
    ReloaderOptions reloader_options(const store::Options& where);
    void start_watch();
    void reload(const char* via, std::function<bool()> still);
    Status start_api();
    void start_sources();
    void watch_signals();
    void feed_watchdog();
    void rotate_keys();
    void begin_stop();
    [[nodiscard]] Result<NewRules> load_rules() const;
};

Result<NewRules> Daemon::Impl::load_rules() const {
    auto loaded = config::load_rules(config.rules_path, &config);
    if (!loaded) return fail(text_of(loaded.error()));
    for (const config::Diagnostic& warning : loaded->warnings)
        log::line(
            log::Severity::warning,
            "rules",
            {
                {"warning", warning.text()}
        }
        );
    NewRules out;
    out.record = {loaded->hash, std::move(loaded->bytes), std::move(loaded->sources)};
    out.rules = std::make_shared<const plan::RuleSet>(std::move(loaded->rules));
    return out;
}

Status Daemon::Impl::prepare() {
    auto loaded = config::load_daemon(options.config_file, options.sets);
    if (!loaded) return fail(text_of(loaded.error()));
    config = std::move(*loaded);
    auto rules = load_rules();
    if (!rules) return tl::make_unexpected(rules.error());
    site = rules->rules->site.id;
    if (auto opened = open_store(std::move(*rules)); !opened) return opened;
    if (auto listening = start_api(); !listening) return listening;
    start_sources();
    start_watch();
    return {};
}

LiveOptions Daemon::Impl::live_options() {
    LiveOptions out;
    out.site = site;
    out.record_state_hash = config.store.record_state_hash;
    return out;
}

ReloaderOptions Daemon::Impl::reloader_options(const store::Options& where) {
    ReloaderOptions out;
    out.read = [this] { return load_rules(); };
    out.on_worker = [this](std::function<void()> job) { net::post(worker, std::move(job)); };
    out.store = where;
    return out;
}

/// By surged itself, because of a signal or a changed file.
void Daemon::Impl::reload(const char* via, std::function<bool()> still) {
    io::ReloadAsked asked;
    asked.actor = {engine::ActorKind::system, "surged", via};
    asked.still = std::move(still);
    net::co_spawn(
        loop,
        reloader->reload(std::move(asked)),
        [](const std::exception_ptr& failed, const io::ReloadAnswer&) {
            if (failed) std::rethrow_exception(failed);
            io::service_notify::ready();
        }
    );
}

void Daemon::Impl::start_watch() {
    if (!config.rules_watch) return;
    RulesWatchOptions wanted;
    wanted.folder = config.rules_path;
    wanted.changed = [this] {
        const std::uint64_t generation = watch->generation();
        reload("file watch", [this, generation] { return watch->is_still(generation); });
    };
    wanted.held_up = [this](const std::string& why) {
        if (why.empty()) return live->drop_component("rules watch");
        live->set_component({"rules watch", false, why, format_rfc3339(live->wall())});
    };
    watch = std::make_unique<RulesWatch>(loop.get_executor(), std::move(wanted));
    if (auto watching = watch->start(); !watching) {
        live->set_component({"rules watch", false, watching.error().what, ""});
        watch.reset();
    }
}

Status Daemon::Impl::open_store(NewRules rules) {
    store::Options where;
    where.path = config.store.path;
    where.site = site;
    where.vfs = options.store_vfs;
    auto opened = store::SqliteJournal::open(where);
    if (!opened) return tl::make_unexpected(opened.error());
    journal = std::move(*opened);
    auto found = recover_store(where);
    if (!found) return tl::make_unexpected(found.error());
    auto keys = ack_keys(config.store.path, io::wall_now());
    if (!keys) return tl::make_unexpected(keys.error());
    links = std::make_shared<io::ack::Links>(
        std::move(*keys), config.http.public_url, config.http.thresholds_by_link
    );
    auto channels = make_channels(loop.get_executor(), config, links, [this] {
        return live ? &live->engine() : nullptr;
    });
    if (!channels) return tl::make_unexpected(channels.error());
    live = std::make_unique<Live>(
        loop.get_executor(),
        std::move(found->engine),
        found->last_seq,
        found->last_instant,
        *journal,
        std::move(*channels),
        shell_clock(),
        live_options()
    );
    live->start(rules, found->lost);
    reloader = std::make_unique<Reloader>(loop.get_executor(), *live, reloader_options(where));
    keeper = make_keeper(where, config.store, *live, loop.get_executor());
    return {};
}

Status Daemon::Impl::start_api() {
    auto made = api_options(config, *live, links);
    if (!made) return tl::make_unexpected(made.error());
    made->hooks = &hooks;
    made->rules = reloader.get();
    api = std::make_unique<io::ApiServer>(loop.get_executor(), std::move(*made), *live);
    if (auto port = api->start(); !port) return tl::make_unexpected(port.error());
    return {};
}

void Daemon::Impl::start_sources() {
    for (const config::Source& source : config.sources) {
        auto made = make_source(source, config, *live, hooks, loop.get_executor());
        if (!made) {
            log::line(
                log::Severity::error,
                "source",
                {
                    {"name", source.name      },
                    {"why",  made.error().what}
            }
            );
            live->set_component({"source " + source.name, false, made.error().what, ""});
            continue;
        }
        sources.push_back(std::move(*made));
        starter.add(source.name, source.companion, *sources.back());
    }
    starter.start();
}

void Daemon::Impl::watch_signals() {
    signals.async_wait([this](const boost::system::error_code& ec, int signal) {
        if (ec) return;
        if (signal != SIGHUP) {
            begin_stop();
            return;
        }
        io::service_notify::reloading();
        reload("SIGHUP", nullptr);
        watch_signals();
    });
}

void Daemon::Impl::feed_watchdog() {
    const auto every = io::service_notify::watchdog_interval();
    if (!every) return;
    io::service_notify::watchdog();
    watchdog.expires_after(*every);
    watchdog.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) feed_watchdog();
    });
}

// Once a day: is the key that signs links past its life? Off the loop, for it may write a file.
void Daemon::Impl::rotate_keys() {
    rotation.expires_after(std::chrono::hours{24});
    rotation.async_wait([this](const boost::system::error_code& ec) {
        if (ec) return;
        net::post(worker, [this, path = config.store.path] {
            auto keys = ack_keys(path, io::wall_now());
            net::post(loop, [this, keys = std::move(keys)]() mutable {
                if (keys) return links->rotate(std::move(*keys));
                log::line(
                    log::Severity::warning,
                    "ack_keys",
                    {
                        {"why", keys.error().what}
                }
                );
            });
        });
        rotate_keys();
    });
}

// Stop taking input, flush, leave. What is still owed after the flush is in the journal.
void Daemon::Impl::begin_stop() {
    if (std::exchange(stopping, true)) return;
    io::service_notify::stopping();
    log::line(log::Severity::notice, "stopping");
    rotation.cancel();
    reloader->stop();
    if (watch) watch->stop();
    for (const auto& source : sources) source->stop();
    deadline.expires_after(5s);
    deadline.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) loop.stop();
    });
    net::co_spawn(loop, api->stop(), [this](const std::exception_ptr&) {
        live->stop([this] { loop.stop(); });
    });
}

Daemon::Daemon(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Daemon::~Daemon() {
    if (!impl_) return;
    impl_->worker.join();
    impl_->keeper.reset();
    if (impl_->journal) impl_->journal->close();
    impl_->api.reset();
}

Result<std::unique_ptr<Daemon>> Daemon::make(const DaemonOptions& options) {
    auto impl = std::make_unique<Impl>();
    impl->options = options;
    if (auto ready = impl->prepare(); !ready) return tl::make_unexpected(ready.error());
    return std::unique_ptr<Daemon>{new Daemon{std::move(impl)}};
}

std::uint16_t Daemon::port() const { return impl_->api->port(); }

const std::string& Daemon::address() const { return impl_->config.http.address; }

void Daemon::run() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) impl_->signals.add(signal);
    impl_->watch_signals();
    impl_->feed_watchdog();
    impl_->rotate_keys();
    io::service_notify::ready();
    io::service_notify::status(fmt::format("site {}, port {}", impl_->site, port()));
    impl_->loop.run();
}

void Daemon::stop() {
    net::post(impl_->loop, [impl = impl_.get()] { impl->begin_stop(); });
}

}  // namespace surged::app
