#include "app/source_starter.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace surged::app {
namespace net = boost::asio;

SourceStarter::SourceStarter(net::any_io_executor loop, Micros patience)
    : loop_{std::move(loop)}, patience_{patience} {}

void SourceStarter::add(std::string name, std::string companion_of, io::Source& source) {
    entries_.push_back(
        {std::move(name), std::move(companion_of), &source, net::steady_timer{loop_}, 0, false}
    );
}

void SourceStarter::start() {
    for (Entry& entry : entries_)
        for (Entry& main : entries_)
            if (main.name == entry.companion_of) ++main.waits_for;
    for (Entry& entry : entries_) {
        for (Entry& main : entries_) {
            if (main.name != entry.companion_of) continue;
            entry.source->when_settled([this, &main] {
                if (--main.waits_for == 0) run(main);
            });
        }
        if (entry.waits_for == 0) {
            run(entry);
            continue;
        }
        entry.patience.expires_after(patience_);
        entry.patience.async_wait([this, &entry](const boost::system::error_code& failed) {
            if (!failed) run(entry);
        });
    }
}

void SourceStarter::run(Entry& entry) {
    if (std::exchange(entry.started, true)) return;
    entry.patience.cancel();
    net::co_spawn(loop_, entry.source->run(), [](const std::exception_ptr& failed) {
        if (failed) std::rethrow_exception(failed);
    });
}

}  // namespace surged::app
