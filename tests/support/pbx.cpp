#include "support/pbx.hpp"

#include "io/crypto.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace surged::test {
namespace {

constexpr const char* challenge = "316339751";

std::string header(const std::string& frame, std::string_view name) {
    const std::string key = fmt::format("{}: ", name);
    std::size_t at = 0;
    while (at < frame.size()) {
        const auto end = frame.find("\r\n", at);
        const auto line = frame.substr(at, end - at);
        if (line.starts_with(key)) return line.substr(key.size());
        if (end == std::string::npos) break;
        at = end + 2;
    }
    return {};
}

void send_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const auto sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace

Pbx::Pbx(std::string username, std::string secret, std::string queue)
    : username_{std::move(username)}, secret_{std::move(secret)}, queue_{std::move(queue)} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 4) != 0 ||
        ::getsockname(listener_, any, &size) != 0)
        throw std::runtime_error{"cannot listen on loopback"};
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

Pbx::~Pbx() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
}

void Pbx::serve() {
    while (!stop_) {
        pollfd ready{listener_, POLLIN, 0};
        if (::poll(&ready, 1, 20) <= 0) continue;
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        session(socket);
        const std::scoped_lock lock{mutex_};
        client_ = -1;
        ::close(socket);
    }
}

void Pbx::session(int socket) {
    send_all(socket, "Asterisk Call Manager/11.0.0\r\n");
    std::string buffer;
    while (!stop_) {
        pollfd ready{socket, POLLIN, 0};
        if (::poll(&ready, 1, 20) <= 0) continue;
        char bytes[4096];
        const auto got = ::recv(socket, bytes, sizeof bytes, 0);
        if (got <= 0) return;
        buffer.append(bytes, static_cast<std::size_t>(got));
        for (auto end = buffer.find("\r\n\r\n"); end != std::string::npos;
             end = buffer.find("\r\n\r\n")) {
            const std::string frame = buffer.substr(0, end + 2);
            buffer.erase(0, end + 4);
            handle(socket, frame);
        }
    }
}

void Pbx::handle(int socket, const std::string& frame) {
    const std::string action = header(frame, "Action");
    const std::string id = fmt::format("ActionID: {}\r\n", header(frame, "ActionID"));
    const std::scoped_lock lock{mutex_};
    if (action == "Challenge") {
        send_all(
            socket, fmt::format("Response: Success\r\n{}Challenge: {}\r\n\r\n", id, challenge)
        );
    } else if (action == "Login") {
        const bool good = header(frame, "Username") == username_ &&
                          header(frame, "Key") == io::crypto::md5_hex(challenge + secret_);
        send_all(
            socket,
            good ? fmt::format(
                       "Response: Success\r\n{}Message: Authentication accepted\r\n\r\n"
                       "Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 83\r\n"
                       "LastReload: 83\r\nStatus: Fully Booted\r\n\r\n",
                       id
                   )
                 : fmt::format("Response: Error\r\n{}Message: Authentication failed\r\n\r\n", id)
        );
        if (good) client_ = socket;
    } else if (action == "QueueStatus") {
        send_all(socket, snapshot(id));
        ++snapshots_;
    } else if (action == "Ping") {
        send_all(socket, fmt::format("Response: Success\r\n{}Ping: Pong\r\n\r\n", id));
    } else {
        send_all(socket, fmt::format("Response: Success\r\n{}Message: fine\r\n\r\n", id));
    }
}

std::string Pbx::snapshot(const std::string& id) const {
    std::string out = fmt::format(
        "Response: Success\r\n{0}EventList: start\r\nMessage: Queue status will follow\r\n\r\n"
        "Event: QueueParams\r\nQueue: {1}\r\nMax: 0\r\nStrategy: rrmemory\r\nCalls: {2}\r\n"
        "Holdtime: 0\r\nTalkTime: 0\r\nCompleted: 0\r\nAbandoned: 0\r\nServiceLevel: 20\r\n"
        "ServicelevelPerf: 0.0\r\nServicelevelPerf2: 0.0\r\nWeight: 0\r\n{0}\r\n",
        id,
        queue_,
        waiting_.size()
    );
    for (const std::string& agent : agents_)
        out += fmt::format(
            "Event: QueueMember\r\nQueue: {1}\r\nName: {2}\r\nLocation: {2}\r\n"
            "StateInterface: {2}\r\nMembership: static\r\nPenalty: 0\r\nCallsTaken: 0\r\n"
            "LastCall: 0\r\nLastPause: 0\r\nLoginTime: 1795451636\r\nInCall: 0\r\nStatus: 1\r\n"
            "Paused: 0\r\nPausedReason: \r\nWrapuptime: 0\r\n{0}\r\n",
            id,
            queue_,
            agent
        );
    const auto now = std::chrono::steady_clock::now();
    std::size_t position = 0;
    for (const auto& [call, since] : waiting_)
        out += fmt::format(
            "Event: QueueEntry\r\nQueue: {1}\r\nPosition: {2}\r\nChannel: PJSIP/x-{3}\r\n"
            "Uniqueid: {3}\r\nCallerIDNum: 13800000000\r\nCallerIDName: x\r\n"
            "ConnectedLineNum: unknown\r\nConnectedLineName: unknown\r\nWait: {4}\r\n"
            "Priority: 0\r\n{0}\r\n",
            id,
            queue_,
            ++position,
            call,
            std::chrono::duration_cast<std::chrono::seconds>(now - since).count()
        );
    return out + fmt::format(
                     "Event: QueueStatusComplete\r\n{}EventList: Complete\r\nListItems: {}\r\n\r\n",
                     id,
                     1 + agents_.size() + waiting_.size()
                 );
}

void Pbx::say(const std::string& text) {
    if (client_ >= 0) send_all(client_, text);
}

void Pbx::add_agent(const std::string& interface) {
    const std::scoped_lock lock{mutex_};
    agents_.push_back(interface);
}

void Pbx::join(const std::string& call) {
    const std::scoped_lock lock{mutex_};
    waiting_.emplace_back(call, std::chrono::steady_clock::now());
    say(fmt::format(
        "Event: QueueCallerJoin\r\nPrivilege: agent,all\r\nChannel: PJSIP/x-{0}\r\n"
        "CallerIDNum: 13800000000\r\nUniqueid: {0}\r\nLinkedid: {0}\r\nQueue: {1}\r\n"
        "Position: {2}\r\nCount: {2}\r\n\r\n",
        call,
        queue_,
        waiting_.size()
    ));
}

void Pbx::answer(const std::string& call, const std::string& interface, int hold_s) {
    const std::scoped_lock lock{mutex_};
    std::erase_if(waiting_, [&](const auto& item) { return item.first == call; });
    say(fmt::format(
        "Event: QueueCallerLeave\r\nPrivilege: agent,all\r\nUniqueid: {0}\r\nQueue: {1}\r\n"
        "Position: 1\r\nCount: {2}\r\n\r\n"
        "Event: AgentConnect\r\nPrivilege: agent,all\r\nUniqueid: {0}\r\nQueue: {1}\r\n"
        "Interface: {3}\r\nMemberName: {3}\r\nHoldTime: {4}\r\nRingTime: 1\r\n\r\n",
        call,
        queue_,
        waiting_.size(),
        interface,
        hold_s
    ));
}

void Pbx::abandon(const std::string& call, int hold_s) {
    const std::scoped_lock lock{mutex_};
    std::erase_if(waiting_, [&](const auto& item) { return item.first == call; });
    say(fmt::format(
        "Event: QueueCallerAbandon\r\nPrivilege: agent,all\r\nUniqueid: {0}\r\nQueue: {1}\r\n"
        "Position: 1\r\nOriginalPosition: 1\r\nHoldTime: {3}\r\n\r\n"
        "Event: QueueCallerLeave\r\nPrivilege: agent,all\r\nUniqueid: {0}\r\nQueue: {1}\r\n"
        "Position: 1\r\nCount: {2}\r\n\r\n",
        call,
        queue_,
        waiting_.size(),
        hold_s
    ));
}

void Pbx::leave(const std::string& call) {
    const std::scoped_lock lock{mutex_};
    std::erase_if(waiting_, [&](const auto& item) { return item.first == call; });
    say(fmt::format(
        "Event: QueueCallerLeave\r\nPrivilege: agent,all\r\nUniqueid: {0}\r\nQueue: {1}\r\n"
        "Position: 1\r\nCount: {2}\r\n\r\n",
        call,
        queue_,
        waiting_.size()
    ));
}

void Pbx::complete(const std::string& call, const std::string& interface, int talk_s) {
    const std::scoped_lock lock{mutex_};
    say(fmt::format(
        "Event: AgentComplete\r\nPrivilege: agent,all\r\nUniqueid: {0}\r\nQueue: {1}\r\n"
        "Interface: {2}\r\nMemberName: {2}\r\nHoldTime: 0\r\nTalkTime: {3}\r\n"
        "Reason: caller\r\n\r\n",
        call,
        queue_,
        interface,
        talk_s
    ));
}

bool Pbx::wait_snapshot(int count, std::chrono::milliseconds limit) const {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (snapshots_ < count) {
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
}

}  // namespace surged::test
