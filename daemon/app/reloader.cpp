#include "app/reloader.hpp"

#include "app/on_worker.hpp"
#include "base/codec.hpp"
#include "base/log.hpp"
#include "store/reader.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace surged::app {
namespace net = boost::asio;
namespace {

using io::ReloadAnswer;
using What = io::ReloadAnswer::What;

constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr std::size_t versions_shown = 200, versions_read = 10'000, version_bytes_min = 6;
constexpr const char* part = "rules pending";  // in /readyz

/// Who a journal entry names: the person, and whose token he used.
engine::Actor named(const io::ReloadAsked& asked) {
    engine::Actor out = asked.actor;
    if (asked.by.empty()) return out;
    const bool token = out.kind == engine::ActorKind::token;
    out.name = token ? fmt::format("{} ({})", asked.by, out.name) : asked.by;
    return out;
}

std::string token_of(const io::ReloadAsked& asked) {
    return asked.actor.kind == engine::ActorKind::token ? asked.actor.name : std::string{};
}

/// The person behind a request: the one it names, else the token's; nobody for surged's own.
std::string person_of(const io::ReloadAsked& asked) {
    if (!asked.by.empty()) return asked.by;
    return asked.actor.kind == engine::ActorKind::token ? asked.actor.name : std::string{};
}

std::vector<std::string> changed_files(const io::RulesFiles& from, const io::RulesFiles& to) {
    const std::map<std::string, std::string> before{from.begin(), from.end()};
    const std::map<std::string, std::string> after{to.begin(), to.end()};
    std::vector<std::string> out;
    for (const auto& [path, text] : before) {
        const auto other = after.find(path);
        if (other == after.end() || other->second != text) out.push_back(path);
    }
    for (const auto& [path, text] : after)
        if (!before.contains(path)) out.push_back(path);
    return out;
}

Result<store::RulesRecord> stored(const store::Options& where, const std::string& version) {
    auto journal = store::JournalReader::open(where);
    if (!journal) return tl::make_unexpected(journal.error());
    auto loads = journal->loads(versions_read);
    if (!loads) return tl::make_unexpected(loads.error());
    const auto hash = version_meant(*loads, version);
    if (!hash) return tl::make_unexpected(hash.error());
    auto record = journal->rules(*hash);
    if (!record) return tl::make_unexpected(record.error());
    if (!*record)
        return fail(
            fmt::format("there is no version {}", version),
            version.size() < version_bytes_min
                ? fmt::format("a version is {} characters of its hash at least", version_bytes_min)
                : "surgectl rules versions lists them"
        );
    return std::move(**record);
}

}  // namespace

Result<std::string> version_meant(
    const std::vector<store::RulesLoad>& loads, const std::string& version
) {
    std::set<std::string> fit;
    for (const store::RulesLoad& load : loads) {
        if (load.hash == version) return version;
        if (version.size() >= version_bytes_min && load.hash.starts_with(version))
            fit.insert(load.hash);
    }
    if (fit.empty()) return version;
    if (fit.size() == 1) return *fit.begin();
    std::string all;
    for (const std::string& hash : fit) all += (all.empty() ? "" : ", ") + hash;
    return fail(
        fmt::format("{} is the beginning of {} versions: {}", version, fit.size(), all),
        "give more of it"
    );
}

Reloader::Reloader(net::any_io_executor loop, Live& live, ReloaderOptions options)
    : loop_{loop}, live_{live}, options_{std::move(options)}, lapse_{loop} {}

void Reloader::stop() { lapse_.cancel(); }

net::awaitable<ReloadAnswer> Reloader::reload(io::ReloadAsked asked) {
    auto committed = std::make_shared<Settled>(loop_);
    if (!asked.confirm.empty()) {
        ReloadAnswer agreed = confirm(asked, committed);
        while (agreed.what == What::loaded && !committed->there)
            co_await committed->timer.async_wait(as_result);
        agreed.durable = committed->durable;
        co_return agreed;
    }
    auto made = co_await on_worker<Result<NewRules>>(loop_, options_.on_worker, options_.read);
    if (asked.still && !asked.still()) {
        ReloadAnswer out;
        out.what = What::conflict;
        out.detail = "the files changed while they were read";
        co_return out;
    }
    if (!made) {
        live_.refuse_rules(made.error().what);
        ReloadAnswer out;
        out.what = What::refused;
        out.detail = made.error().what;
        co_return out;
    }
    ReloadAnswer out = take(std::move(*made), std::move(asked), committed);
    while (out.what == What::loaded && !committed->there)
        co_await committed->timer.async_wait(as_result);
    out.durable = committed->durable;
    co_return out;
}

ReloadAnswer Reloader::take(
    NewRules made, io::ReloadAsked asked, const std::shared_ptr<Settled>& committed
) {
    ReloadAnswer out;
    out.hash = made.record.hash;
    const bool same = out.hash == live_.engine().rules_hash();
    std::string because = same ? std::string{} : why_two();
    if (!because.empty()) return hold(std::move(made), std::move(asked), std::move(because));
    if (pending_) drop(same ? "the files are again what is in force" : "other rules were loaded");
    live_.load(made, named(asked), asked.why, "", [committed](bool durable) {
        committed->come(durable);
    });
    return out;
}

/// In peak season, or while an incident stands: why one person is not enough; empty: he is.
std::string Reloader::why_two() const {
    const engine::Engine& engine = live_.engine();
    const plan::Site& site = engine.rules().site;
    const Wall now = to_wall(engine.now(), engine.wall_offset());
    if (!site.second_person_during.empty() &&
        plan::in_force(site.calendars, site.zone, site.second_person_during, now))
        return "during " + site.second_person_during;
    if (!site.second_person_in_incident) return {};
    for (const auto& [id, incident] : engine.incidents())
        if (incident.phase != incident::Phase::ended) return "incident " + id + " is open";
    return {};
}

ReloadAnswer Reloader::hold(NewRules made, io::ReloadAsked asked, std::string because) {
    ReloadAnswer out;
    out.what = What::pending;
    out.hash = made.record.hash;
    live_.rules_are_good();
    const std::string person = person_of(asked);
    if (pending_ && pending_->hash == out.hash) {
        if (pending_->by.empty() && !person.empty()) {
            pending_->by = person;
            pending_->why = asked.why;
            first_ = named(asked);
            first_token_ = token_of(asked);
            tell_pending();
        }
        out.pending = pending_;
        return out;
    }
    if (pending_) drop("other rules took its place");
    io::PendingReload next;
    next.id = fmt::format("{}-{}", out.hash.substr(0, 8), ++count_);
    next.hash = out.hash;
    next.by = person;
    next.via = asked.actor.via;
    next.why = asked.why;
    next.because = std::move(because);
    next.at = live_.wall();
    next.until = Wall{next.at.us + options_.confirm_within.count()};
    pending_ = std::move(next);
    held_ = std::move(made);
    first_ = named(asked);
    first_token_ = token_of(asked);
    tell_pending();
    lapse_.expires_after(options_.confirm_within);
    // A wait that is over already is not cancelled: it must not drop the next one.
    lapse_.async_wait([this, id = pending_->id](const boost::system::error_code& ec) {
        if (!ec && pending_ && pending_->id == id) drop("nobody agreed in time");
    });
    out.pending = pending_;
    return out;
}

ReloadAnswer Reloader::confirm(
    const io::ReloadAsked& asked, const std::shared_ptr<Settled>& committed
) {
    ReloadAnswer out;
    const std::string person = person_of(asked);
    if (!pending_ || pending_->id != asked.confirm) {
        out.what = What::not_found;
        out.detail = "no reload waits under this id: it was loaded, took another's place or lapsed";
        return out;
    }
    out.hash = pending_->hash;
    out.what = What::conflict;
    if (person.empty()) {
        out.detail = "by is missing: who agrees";
        return out;
    }
    if (pending_->by.empty()) {  // nobody is known to have asked: the first who speaks has
        pending_->by = person;
        if (!asked.why.empty()) pending_->why = asked.why;
        first_ = named(asked);
        first_token_ = token_of(asked);
        tell_pending();
        out.what = What::pending;
        out.pending = pending_;
        return out;
    }
    const bool own_token = !first_token_.empty() && token_of(asked) == first_token_;
    if (person == pending_->by || own_token) {
        out.detail = fmt::format("a second person must agree, and {} is the first", pending_->by);
        return out;
    }
    out.what = What::loaded;
    const NewRules rules = std::move(held_);
    const std::string why = pending_->why;
    lapse_.cancel();
    pending_.reset();
    live_.drop_component(part);
    live_.load(rules, first_, why, person, [committed](bool durable) { committed->come(durable); });
    return out;
}

void Reloader::drop(const char* why) {
    log::line(
        log::Severity::warning,
        "reload_dropped",
        {
            {"id",  pending_->id},
            {"why", why         }
    }
    );
    lapse_.cancel();
    pending_.reset();
    held_ = {};
    live_.drop_component(part);
}

void Reloader::tell_pending() {
    const io::PendingReload& p = *pending_;
    const std::string who = p.by.empty() ? "two persons" : "a second person besides " + p.by;
    live_.set_component(
        {part,
         false,
         fmt::format(
             "{} waits for {} ({}) until {}", p.id, who, p.because, format_rfc3339(p.until)
         ),
         format_rfc3339(p.at)}
    );
    log::line(
        log::Severity::warning,
        "reload_pending",
        {
            {"id",      p.id                   },
            {"hash",    p.hash                 },
            {"by",      p.by                   },
            {"via",     p.via                  },
            {"because", p.because              },
            {"until",   format_rfc3339(p.until)}
    }
    );
}

std::function<Reloader::Found()> Reloader::finder(const std::string& which) const {
    const auto side_of = [](const NewRules& rules) {
        return Side{rules.record.hash, rules.rules, rules.record.sources};
    };
    if (which == "files")
        return [read = options_.read, side_of]() -> Found {
            auto made = read();
            if (!made) return tl::make_unexpected(made.error());
            return side_of(*made);
        };
    if (which == "pending" && pending_) return [side = side_of(held_)]() -> Found { return side; };
    if (which.empty()) {
        const std::string& hash = live_.engine().rules_hash();
        return [where = options_.store, hash, rules = live_.engine().rules_in_use().at(hash)] {
            auto record = stored(where, hash);
            return Found{
                Side{hash, rules, record ? std::move(record->sources) : io::RulesFiles{}}
            };
        };
    }
    return [where = options_.store, hash = which]() -> Found {
        auto record = stored(where, hash);
        if (!record) return tl::make_unexpected(record.error());
        auto rules = codec::decode<plan::RuleSet>(record->bytes, record->format);
        if (!rules) return fail("the stored rule set " + hash + " cannot be read");
        return Side{
            record->hash,
            std::make_shared<const plan::RuleSet>(std::move(*rules)),
            std::move(record->sources)
        };
    };
}

net::awaitable<Result<io::RulesComparison>> Reloader::compare(std::string from, std::string to) {
    std::vector<std::string> queues;
    const board::View& board = live_.engine().board();
    for (const board::QueueIx queue : board.queues()) queues.push_back(board.name(queue));
    auto one = finder(from);
    auto other = finder(to);
    std::function<Result<io::RulesComparison>()> job =
        [one, other, queues]() -> Result<io::RulesComparison> {
        auto before = one();
        if (!before) return tl::make_unexpected(before.error());
        auto after = other();
        if (!after) return tl::make_unexpected(after.error());
        io::RulesComparison out;
        out.from = before->hash;
        out.to = after->hash;
        out.changes = plan::difference(
            *before->rules, *after->rules, plan::queues_of(*before->rules, *after->rules, queues)
        );
        out.files = changed_files(before->files, after->files);
        return out;
    };
    auto done = co_await on_worker<Result<io::RulesComparison>>(loop_, options_.on_worker, job);
    co_return done;
}

net::awaitable<Result<std::vector<io::RulesVersion>>> Reloader::versions() {
    using Versions = Result<std::vector<io::RulesVersion>>;
    std::function<Versions()> job = [where = options_.store]() -> Versions {
        auto journal = store::JournalReader::open(where);
        if (!journal) return tl::make_unexpected(journal.error());
        auto loads = journal->loads(versions_shown);
        if (!loads) return tl::make_unexpected(loads.error());
        std::vector<io::RulesVersion> out;
        for (store::RulesLoad& load : *loads)
            out.push_back({load.hash, load.at, load.who, load.via, load.why, load.second});
        return out;
    };
    auto done = co_await on_worker<Versions>(loop_, options_.on_worker, job);
    co_return done;
}

net::awaitable<Result<io::RulesFiles>> Reloader::text(std::string version) {
    std::function<Result<io::RulesFiles>()> job = [where = options_.store,
                                                   version]() -> Result<io::RulesFiles> {
        auto record = stored(where, version);
        if (!record) return tl::make_unexpected(record.error());
        return std::move(record->sources);
    };
    auto done = co_await on_worker<Result<io::RulesFiles>>(loop_, options_.on_worker, job);
    co_return done;
}

}  // namespace surged::app
