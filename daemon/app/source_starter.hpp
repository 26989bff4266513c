// Starts the sources in the order that makes good what came while we were away.
#pragma once

#include "base/time.hpp"
#include "io/source/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <string>
#include <vector>

namespace surged::app {

/// A source waits until its companions have caught up: its own snapshot then meets a board on which
/// they have told how the calls of the meantime ended. A companion that takes longer than
/// `patience` is waited for no more.
class SourceStarter {
public:
    explicit SourceStarter(boost::asio::any_io_executor loop, Micros patience = 30s);
    /// `companion_of`: the source it accompanies, or empty. All of them outlive the loop's run.
    void add(std::string name, std::string companion_of, io::Source& source);
    /// Once, after all were added.
    void start();

private:
    struct Entry {
        std::string name, companion_of;
        io::Source* source;
        boost::asio::steady_timer patience;
        std::size_t waits_for{0};
        bool started{false};
    };
    void run(Entry& entry);

    boost::asio::any_io_executor loop_;
    Micros patience_;
    std::list<Entry> entries_;
};

}  // namespace surged::app
