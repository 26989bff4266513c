#include "app/simulate/truth.hpp"

#include "app/simulate/pbx.hpp"
#include "io/http/json_writer.hpp"

#include <algorithm>

namespace surged::app::simulate {
namespace {

double seconds(Micros span) { return std::chrono::duration<double>(span).count(); }

void write(io::http::JsonWriter& json, const QueueTruth& truth) {
    json.begin_object();
    json.member("offered", truth.offered);
    json.member("answered", truth.answered);
    json.member("answered_in_target", truth.answered_in_target);
    json.member("abandoned", truth.abandoned);
    json.key("exited");
    json.begin_object();
    json.member("key", truth.exited_key);
    json.member("timeout", truth.exited_timeout);
    json.end_object();
    json.member("waiting", truth.waiting());
    json.member("refused", truth.refused);
    json.member("completed", truth.completed);
    json.member("transferred", truth.transferred);
    json.member("complaints", truth.complaints);
    json.member("surveys", truth.surveys);
    json.member("wait_sum", seconds(truth.wait_sum));
    json.member("wait_max", seconds(truth.wait_max));
    json.member("talk_sum", seconds(truth.talk_sum));
    json.member("hold_sum_whole_seconds", truth.hold_sum_s);
    json.end_object();
}

}  // namespace

Truth::Truth(const Setup& setup) : seed_{setup.seed}, queues_(setup.queues.size()) {
    for (const QueueSetup& queue : setup.queues) {
        names_.push_back(queue.name);
        targets_.push_back(queue.target);
    }
}

void Truth::count(const Happening& h, Wall start) {
    last_ = h.at;
    if (h.what == What::logged_in) ++staffed_;
    if (h.what == What::logged_out) --staffed_;
    if (h.queue == nobody) return;
    QueueTruth& queue = queues_[h.queue];
    switch (h.what) {
        case What::offered:
            ++queue.offered;
            break;
        case What::refused:
            ++queue.refused;
            break;
        case What::answered: {
            ++queue.answered;
            if (h.wait <= targets_[h.queue]) ++queue.answered_in_target;
            queue.wait_sum += h.wait;
            queue.wait_max = std::max(queue.wait_max, h.wait);
            const Wall now{start.us + h.at.count()};
            queue.hold_sum_s += whole_seconds(Wall{now.us - h.wait.count()}, now);
            break;
        }
        case What::abandoned:
            ++queue.abandoned;
            break;
        case What::exited:
            ++(h.by_key ? queue.exited_key : queue.exited_timeout);
            break;
        case What::completed:
            ++queue.completed;
            queue.talk_sum += h.talk;
            break;
        case What::transferred:
            ++queue.transferred;
            break;
        case What::complaint:
            ++queue.complaints;
            break;
        case What::survey:
            ++queue.surveys;
            break;
        default:
            break;
    }
}

std::string Truth::to_json() const {
    io::http::JsonWriter json;
    json.begin_object();
    json.member("seed", seed_);
    json.member("ran_for", seconds(last_));
    json.member("agents_staffed", staffed_);
    json.key("queues");
    json.begin_object();
    for (std::size_t q = 0; q < queues_.size(); ++q) {
        json.key(names_[q]);
        write(json, queues_[q]);
    }
    json.end_object();
    json.end_object();
    return std::move(json).take();
}

}  // namespace surged::app::simulate
