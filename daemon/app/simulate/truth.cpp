#include "app/simulate/truth.hpp"

#include "app/simulate/pbx.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace surged::app::simulate {
namespace {

double seconds(Micros span) { return std::chrono::duration<double>(span).count(); }

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
            queue.talk_sum += h.talk;
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
    boost::json::object queues;
    for (std::size_t q = 0; q < queues_.size(); ++q) {
        const QueueTruth& t = queues_[q];
        queues[names_[q]] = boost::json::object{
            {"offered",                t.offered                                                                },
            {"answered",               t.answered                                                               },
            {"answered_in_target",     t.answered_in_target                                                     },
            {"abandoned",              t.abandoned                                                              },
            {"exited",                 boost::json::object{{"key", t.exited_key}, {"timeout", t.exited_timeout}}},
            {"waiting",                t.waiting()                                                              },
            {"refused",                t.refused                                                                },
            {"completed",              t.completed                                                              },
            {"transferred",            t.transferred                                                            },
            {"complaints",             t.complaints                                                             },
            {"surveys",                t.surveys                                                                },
            {"wait_sum",               seconds(t.wait_sum)                                                      },
            {"wait_max",               seconds(t.wait_max)                                                      },
            {"talk_sum",               seconds(t.talk_sum)                                                      },
            {"hold_sum_whole_seconds", t.hold_sum_s                                                             },
        };
    }
    return boost::json::serialize(boost::json::object{
        {"seed",           seed_         },
        {"ran_for",        seconds(last_)},
        {"agents_staffed", staffed_      },
        {"queues",         queues        },
    });
}

}  // namespace surged::app::simulate
