// statsd: lines to gauges beside finding the same lines and names, and a burst over a real socket.
#include "bench/bench.hpp"
#include "io/source/statsd/client.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <fmt/format.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace surged::bench {
namespace net = boost::asio;
namespace {

constexpr std::size_t packet_bytes = 1432;  // what clients pack for Ethernet

/// Packets of lines of 400 series: gauges, counters and times of 40 queues.
std::vector<std::string> packets_of(std::size_t lines) {
    std::vector<std::string> out(1);
    for (std::size_t i = 0; i < lines; ++i) {
        const std::size_t queue = i % 40;
        std::string line;
        if (i % 3 == 0)
            line = fmt::format("pbx.support-{}.lines:{}|g", queue, i % 97);
        else if (i % 3 == 1)
            line = fmt::format("ivr.support-{}.entered:1|c", queue);
        else
            line = fmt::format("crm.support-{}.lookup:{}.{}|ms", queue, i % 450, i % 10);
        if (out.back().size() + line.size() + 1 > packet_bytes) out.emplace_back();
        if (!out.back().empty()) out.back() += '\n';
        out.back() += line;
    }
    return out;
}

std::vector<io::statsd::Rule> rules() {
    using io::statsd::Take;
    return {
        {"pbx.*.lines",   "lines",   "*", "", Take::usual},
        {"ivr.*.entered", "entered", "*", "", Take::rate },
        {"crm.*.lookup",  "lookup",  "*", "", Take::mean },
    };
}

/// What cannot be left out: find every line and its colon and bar.
std::size_t split(std::string_view packet) {
    std::size_t marks = 0;
    while (!packet.empty()) {
        const auto feed = std::min(packet.find('\n'), packet.size());
        const std::string_view line = packet.substr(0, feed);
        marks += line.find(':') + line.find('|');
        packet.remove_prefix(std::min(feed + 1, packet.size()));
    }
    return marks;
}

void decode(std::size_t lines) {
    const auto packets = packets_of(lines);
    const auto per_second = [&](double seconds) { return static_cast<double>(lines) / seconds; };
    double begun = cpu_seconds();
    std::size_t marks = 0;
    for (const std::string& packet : packets) marks += split(packet);
    const double bare = cpu_seconds() - begun;
    begun = cpu_seconds();
    io::statsd::Table table{rules()};
    acd::Batch batch;
    for (const std::string& packet : packets) table.take(packet);
    table.flush(1s, batch);
    const double whole = cpu_seconds() - begun;
    if (marks == 0 || table.take_counts().used != lines) throw std::runtime_error{"lines are lost"};
    row("statsd: packed lines to gauges",
        per_second(whole),
        "lines/CPU-s",
        per_second(bare),
        "find the lines and their marks",
        {.value = 5e6});
}

class NoSink final : public io::Sink {
public:
    void events(acd::Batch) override {}
    void state(bool, bool, std::string) override {}
    void bad_record(std::string, std::string) override {}
    void bad_records(std::string, std::uint64_t, std::string) override {}
    void heard() override {}
};

/// Sends the packets evenly within `within` from a thread of its own.
double send(const std::vector<std::string>& packets, std::uint16_t port, Micros within) {
    net::io_context context;
    net::ip::udp::socket socket{context, net::ip::udp::v4()};
    socket.connect({net::ip::address_v4::loopback(), port});
    const auto begun = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const Micros due = within * static_cast<int>(i) / static_cast<int>(packets.size());
        while (std::chrono::steady_clock::now() - begun < due) std::this_thread::yield();
        socket.send(net::buffer(packets[i]));
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

void burst(std::size_t lines) {
    const auto packets = packets_of(lines);
    net::io_context context;
    NoSink sink;
    io::statsd::ClientOptions options;
    options.port = 0;
    options.rules = rules();
    io::statsd::Client client{context.get_executor(), options, sink};
    net::co_spawn(context, client.run(), [](const std::exception_ptr&) {});
    while (client.port() == 0) context.run_one();
    double took = 0;
    std::atomic<bool> sent{false};
    std::thread sender{[&, port = client.port()] {
        took = send(packets, port, Micros{130'000});
        sent = true;
    }};
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    while (std::chrono::steady_clock::now() < until &&
           (!sent || (client.lines() < lines && client.drops() == 0)))
        context.run_one_for(std::chrono::milliseconds{10});
    context.run_for(std::chrono::milliseconds{1100});  // one more flush: the drops of the end
    sender.join();
    client.stop();
    context.run_for(std::chrono::milliseconds{10});
    fmt::print("{}\n", client.status().detail);
    fmt::print("sent in {:.3f} s, {} packets lost\n", took, client.drops());
    row("statsd: a burst of lines",
        static_cast<double>(client.lines()),
        "lines read",
        static_cast<double>(lines),
        "lines sent",
        {.times = 1});
}

}  // namespace

void statsd(bool quick) {
    decode(quick ? 100'000 : 10'000'000);
    burst(quick ? 30'600 : 306'000);
}

}  // namespace surged::bench
