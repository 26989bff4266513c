#include "core/board/board.hpp"

#include "base/assert.hpp"
#include "core/board/formulas.hpp"
#include "core/board/fractions.hpp"

#include <algorithm>
#include <utility>

namespace surged::board {
namespace {

const std::string no_name;
const Totals no_totals;
const Histogram no_histogram;
const std::map<ComplaintKey, std::uint64_t> no_complaints;

constexpr std::int64_t day_us = 86'400'000'000;

bool is_of_all(const Measure& measure) {
    return measure.klass.empty() && measure.topic.empty() && measure.severity == 0 &&
           measure.channels == 0;
}
SliceKey key_of(const Measure& measure) {
    return {measure.klass, measure.topic, measure.severity, measure.channels};
}
/// The contacts among which such complaints are: contacts have no topic and no severity.
SliceKey contacts_of(const SliceKey& complaints) {
    return {complaints.klass, {}, 0, complaints.channels};
}

/// Before the day or what is kept becomes another: agent time up to here belongs to what was,
/// whether or not somebody has asked for it by now.
void accrue_all(const Board& board, const std::vector<Box<Figures>>& queues) {
    for (const Box<Figures>& queue : queues)
        if (queue) board.accrue(*queue);
}

}  // namespace

void Board::load(const std::vector<Measure>& measures, const plan::Zone& zone) {
    accrue_all(*this, queues_);
    zone_ = zone;
    kept_ = Kept::always();
    counts_repeats_ = false;
    std::map<SliceKey, Kept> wanted;
    for (const Measure& measure : measures) {
        kept_.want(measure);
        counts_repeats_ = counts_repeats_ || measure.kpi == Kpi::repeat_ratio;
        const SliceKey key = key_of(measure);
        if (key == SliceKey{}) continue;
        wanted[key].want(measure);
        const SliceKey contacts = contacts_of(key);
        if (measure.kpi == Kpi::complaint_ratio && contacts != SliceKey{})
            wanted[contacts].want(measure);
    }
    const std::vector<SliceKey> before = std::exchange(slices_, {});
    slices_kept_.clear();
    for (const auto& [key, kept] : wanted) {
        slices_.push_back(key);
        slices_kept_.push_back(kept);
    }
    for (const Box<Figures>& queue : queues_) {
        if (!queue) continue;
        std::vector<Slice> slices(slices_.size());
        for (std::size_t i = 0; i < slices_.size(); ++i) {
            const auto was = std::find(before.begin(), before.end(), slices_[i]);
            const auto at = static_cast<std::size_t>(was - before.begin());
            if (at < queue->slices.size()) slices[i] = std::move(queue->slices[at]);
            slices[i].keep(slices_kept_[i]);
            slices[i].changed = Changes{0};  // set_rule tells of all
        }
        queue->slices = std::move(slices);
    }
    find_day();
}

void Board::set_rule(QueueIx queue, const plan::QueueRule& rule) {
    Figures& figures = at(queue);
    figures.target = rule.target.value_or(figures.pbx_target.value_or(20s));
    figures.short_abandon = rule.short_abandon;
    figures.wrap = rule.wrap;
    figures.lines = rule.lines;
    figures.formula = rule.formula;
    figures.backlog_after = rule.backlog_after;
    figures.complaint_limit = rule.complaint_limit;
    Kept kept = kept_;
    for (const Window window : rule.quantiles) kept.want_quantiles(window);
    figures.all.keep(kept);
    figures.changed = changes::all;
}

void Board::set_offset(Micros wall_minus_engine) {
    if (wall_minus_engine == offset_) return;
    accrue_all(*this, queues_);
    offset_ = wall_minus_engine;
    find_day();
}

void Board::advance(Instant now) {
    SURGED_ASSERT(now >= now_);
    now_ = now;
    if (now_ >= day_end_) find_day();
}

void Board::find_day() {
    const Wall wall = to_wall(now_, offset_);
    const Wall midnight = plan::local_midnight(zone_, wall);
    const Wall next = plan::local_midnight(zone_, Wall{midnight.us + day_us + day_us / 2});
    const Micros ahead = Seconds{plan::offset_at(zone_, midnight)};
    const std::int64_t local = midnight.us + ahead.count();
    day_ = std::max(day_, (local + day_us / 2) / day_us);
    day_start_ = to_instant(midnight, offset_);
    day_end_ = to_instant(next, offset_);
    if (day_end_ <= now_) day_end_ = now_ + Micros{day_us};
}

QueueIx Board::add(std::string_view name) {
    SURGED_ASSERT(!name.empty() && !find(name));
    const auto queue = static_cast<QueueIx>(queues_.size());
    Figures& figures = *queues_.emplace_back(Figures{});
    figures.name = name;
    figures.accrued = now_;
    figures.all.keep(kept_);
    figures.slices.resize(slices_.size());
    for (std::size_t i = 0; i < slices_.size(); ++i) {
        figures.slices[i].keep(slices_kept_[i]);
        figures.slices[i].changed = Changes{0};  // the queue is new, which tells of all
    }
    index_.emplace(name, queue);
    return queue;
}

Changes Board::take_changes(QueueIx queue) {
    Figures& figures = at(queue);
    Changes taken = std::exchange(figures.changed, Changes{0});
    taken |= std::exchange(figures.all.changed, Changes{0});
    return taken | changes::time;
}

void Board::remove(QueueIx queue) {
    index_.erase(at(queue).name);
    queues_[queue] = Box<Figures>{};
}

Figures& Board::at(QueueIx queue) const {
    SURGED_ASSERT(exists(queue));
    return *queues_[queue];
}

bool Board::matches(const SliceKey& key, const Kind& kind) {
    if (!key.topic.empty() && key.topic != kind.topic) return false;
    if (key.channels != 0 && (key.channels & (1U << static_cast<unsigned>(kind.channel))) == 0)
        return false;
    const bool grave_enough = kind.severity > 0 && kind.severity <= key.severity;
    if (key.severity > 0 && !grave_enough) return false;
    const std::string_view klass = kind.klass.empty() ? std::string_view{"normal"} : kind.klass;
    return key.klass.empty() || key.klass == klass;
}

Slice* Board::slice_of(Figures& figures, const SliceKey& key) const {
    if (key == SliceKey{}) return &ready(figures.all);
    const auto found = std::lower_bound(slices_.begin(), slices_.end(), key);
    if (found == slices_.end() || *found != key) return nullptr;
    return &ready(figures.slices[static_cast<std::size_t>(found - slices_.begin())]);
}

Sight Board::sight_of_all(Figures& figures, const Measure& measure) const {
    Slice& all = ready(figures.all);
    return {figures, all, &all, measure.window, now_, day_start_, offset_};
}

std::optional<Sight> Board::sight_of(Figures& figures, const Measure& measure) const {
    if (is_of_all(measure)) return sight_of_all(figures, measure);
    const SliceKey key = key_of(measure);
    Slice* slice = slice_of(figures, key);
    if (slice == nullptr) return std::nullopt;
    Slice* contacts = slice_of(figures, contacts_of(key));
    return Sight{figures, *slice, contacts, measure.window, now_, day_start_, offset_};
}

std::vector<QueueIx> Board::queues() const {
    std::vector<QueueIx> all;
    all.reserve(index_.size());
    for (QueueIx i = 0; i < queues_.size(); ++i)
        if (queues_[i]) all.push_back(i);
    return all;
}

const std::string& Board::name(QueueIx queue) const {
    return exists(queue) ? at(queue).name : no_name;
}

std::optional<QueueIx> Board::find(std::string_view name) const {
    if (name.empty()) return std::nullopt;
    // The names of a site's queues differ in their length or their last letter, by and large.
    QueueIx& likely =
        found_[(name.size() * 7 + static_cast<std::uint8_t>(name.back())) % found_.size()];
    if (exists(likely) && queues_[likely]->name == name) return likely;
    const auto found = index_.find(name);
    if (found == index_.end()) return std::nullopt;
    likely = found->second;
    return found->second;
}

std::optional<Quantity> Board::value(QueueIx queue, const Measure& measure) const {
    if (!exists(queue)) return std::nullopt;
    Figures& figures = *queues_[queue];
    if (measure.kpi == Kpi::gauge) return named_gauge(figures, measure.gauge);  // of no slice
    const KpiInfo& info = info_of(measure.kpi);
    if (!figures.live && info.of_calls) return std::nullopt;
    const auto read = [&](const Sight& sight) -> std::optional<Quantity> {
        if (measure.kpi == Kpi::occupancy) accrue(figures);
        if (!info.windowed) return gauge_value(sight, measure);
        if (measure.window == Window::now) return std::nullopt;
        return window_value(sight, measure.kpi);
    };
    // What is asked about most is not wrapped first.
    if (is_of_all(measure)) return read(sight_of_all(figures, measure));
    const auto sight = sight_of(figures, measure);
    return sight ? read(*sight) : std::nullopt;
}

std::uint64_t Board::base_count(QueueIx queue, const Measure& measure) const {
    const KpiInfo& info = info_of(measure.kpi);
    if (info.base == Base::none) {
        const auto figure = value(queue, measure);
        return static_cast<std::uint64_t>(
            figure ? std::max<std::int64_t>(0, figure->num / figure->den) : 0
        );
    }
    if (!exists(queue) || measure.window == Window::now) return 0;
    Figures& figures = at(queue);
    if (!figures.live && info.of_calls) return 0;
    const auto sight = sight_of(figures, measure);
    return sight ? contacts_under(*sight, measure.kpi) : 0;
}

std::optional<Instant> Board::next_change(QueueIx queue, const Measure& measure) const {
    if (!exists(queue)) return std::nullopt;
    Figures& figures = at(queue);
    const auto sight = sight_of(figures, measure);
    if (!sight) return std::nullopt;
    if (measure.kpi == Kpi::estimated_wait) return day_end_;
    if (!info_of(measure.kpi).windowed) return gauge_changes(*sight, measure.kpi);
    const Window window = measure.window;
    if (window == Window::now) return std::nullopt;
    std::optional<Instant> at;
    const auto sooner = [&](std::optional<Instant> candidate) {
        if (candidate && (!at || *candidate < *at)) at = candidate;
    };
    if (window == Window::day) sooner(day_end_);
    Kept groups;
    groups.want(measure);
    sooner(sight->slice.next_change(groups, window, now_));
    if (measure.kpi == Kpi::complaint_ratio && sight->contacts != nullptr)
        sooner(sight->contacts->next_change(groups, window, now_));
    const bool flows = measure.kpi == Kpi::occupancy && figures.live && figures.staffed() > 0;
    const bool thins = window == Window::day &&
                       (measure.kpi == Kpi::arrival_rate || measure.kpi == Kpi::load_ratio);
    if (flows || thins) {  // changes all the time: looked at once a bucket, or once a minute
        const Micros width = window == Window::day ? Micros{1min} : length_of(window) / buckets;
        sooner(Instant{(now_.time_since_epoch() / width + 1) * width});
    }
    if (measure.kpi == Kpi::service_level_live)
        sooner(next_older(sight->slice.waiting(), figures.target, now_));
    return at;
}

std::optional<Instant> Board::grows_since(QueueIx queue, const Measure& measure) const {
    if (!exists(queue)) return std::nullopt;
    const auto sight = sight_of(at(queue), measure);
    if (!sight) return std::nullopt;
    return measure.kpi == Kpi::oldest ? oldest_open(sight->slice) : oldest_waiting(sight->slice);
}

bool Board::keeps(QueueIx queue, const Measure& measure) const {
    if (!exists(queue)) return false;
    Figures& figures = at(queue);
    const auto sight = sight_of(figures, measure);
    if (!sight) return false;
    switch (measure.kpi) {
        case Kpi::gauge:
            return figures.gauges.find(measure.gauge).has_value();
        case Kpi::concurrency:
            return figures.written;
        case Kpi::response_ratio:
        case Kpi::first_response_p50:
        case Kpi::first_response_p90:
            if (!figures.written) return false;
            break;
        default:
            break;
    }
    if (!info_of(measure.kpi).windowed) return true;
    if (measure.window == Window::now) return false;
    Kept wanted;
    wanted.want(measure);
    return sight->slice.keeps(wanted);
}

const Totals& Board::totals(QueueIx queue) const {
    return exists(queue) ? at(queue).totals : no_totals;
}
const Histogram& Board::answer_wait(QueueIx queue) const {
    return exists(queue) ? at(queue).answer_wait : no_histogram;
}
const Histogram& Board::handle_time(QueueIx queue) const {
    return exists(queue) ? at(queue).handle_time : no_histogram;
}
const std::map<ComplaintKey, std::uint64_t>& Board::complaints(QueueIx queue) const {
    return exists(queue) ? at(queue).complaints : no_complaints;
}

std::optional<NamedGauges::Place> Board::gauge_place(QueueIx queue, std::string_view name) const {
    return exists(queue) ? queues_[queue]->gauges.find(name) : std::nullopt;
}

const double* Board::gauge(QueueIx queue, NamedGauges::Place place) const {
    return exists(queue) ? queues_[queue]->gauges.at(place) : nullptr;
}

std::vector<std::string> Board::gauges(QueueIx queue) const {
    return exists(queue) ? at(queue).gauges.names() : std::vector<std::string>{};
}

Contacts Board::contacts(QueueIx queue) const {
    if (!exists(queue)) return {};
    const Figures& figures = *queues_[queue];
    const auto oldest = oldest_waiting(figures.all);
    return {
        static_cast<std::uint32_t>(figures.all.calls_waiting()),
        figures.connected,
        oldest && now_ - *oldest > figures.target
    };
}

bool Board::exits_known(QueueIx queue) const { return exists(queue) && at(queue).exits_known; }
bool Board::data_live(QueueIx queue) const { return exists(queue) && at(queue).live; }
std::uint64_t Board::settling(QueueIx queue) const {
    return exists(queue) ? at(queue).all.settling() : 0;
}
std::optional<Millionths> Board::planned(QueueIx queue, Instant from, Instant to) const {
    if (!exists(queue)) return std::nullopt;
    return at(queue).plan.offered(to_wall(from, offset_), to_wall(to, offset_));
}
bool Board::has_plan(QueueIx queue) const { return exists(queue) && !at(queue).plan.empty(); }
Micros Board::target(QueueIx queue) const { return exists(queue) ? at(queue).target : Micros{20s}; }

void Board::write(codec::Writer& out) const {
    out(now_, offset_, day_, day_start_, day_end_, slices_, queues_.size(), index_.size());
    for (QueueIx i = 0; i < queues_.size(); ++i) {
        if (!queues_[i]) continue;
        Figures& figures = *queues_[i];
        accrue(figures);
        for (Slice& slice : figures.slices) slice.begin_day(day_);
        out(i);
        figures.write(out, now_);
    }
}

void Board::read(codec::Reader& in) {
    std::size_t ever = 0;
    std::size_t live = 0;
    in(now_, offset_, day_, day_start_, day_end_, slices_, ever, live);
    // Half a gigabyte of empty places: beyond any site's life, and within what a small machine has.
    constexpr std::size_t most = 1U << 25;
    if (!in.ok() || ever > most || live > ever) return in.fault();
    queues_.assign(ever, {});
    index_.clear();
    for (; live > 0 && in.ok(); --live) {
        QueueIx queue = 0;
        in(queue);
        if (queue >= ever || queues_[queue]) return in.fault();
        queues_[queue] = Box<Figures>{Figures{}};
        queues_[queue]->read(in, now_);
        if (queues_[queue]->slices.size() != slices_.size()) return in.fault();
        if (!index_.emplace(queues_[queue]->name, queue).second) return in.fault();
    }
}

}  // namespace surged::board
