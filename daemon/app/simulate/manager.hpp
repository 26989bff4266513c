// The manager interface of the simulated Asterisk: logins, questions, and events to all who listen.
#pragma once

#include "app/simulate/pbx.hpp"
#include "base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace surged::app::simulate {

struct ManagerOptions {
    std::string address{"127.0.0.1"};
    std::uint16_t port{5038};  // 0: a free one
    std::string username{"surged"};
    std::string secret;
    EventClass allowed{event_class::all};  // what this account may read
};

/// Lives on one thread, that of its executor. The Pbx must outlive it.
class Manager {
public:
    Manager(
        boost::asio::any_io_executor executor,
        ManagerOptions options,
        const Pbx& pbx,
        std::function<Wall()> clock
    );
    ~Manager();
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    /// Opens the port and begins to take connections; gives the port.
    [[nodiscard]] Result<std::uint16_t> listen();
    /// To every client that has asked for its class.
    void publish(const std::vector<AmiEvent>& events);
    /// Clients that have logged in and are still there.
    [[nodiscard]] std::size_t clients() const;
    /// Says Shutdown to all and closes every connection.
    void close();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace surged::app::simulate
