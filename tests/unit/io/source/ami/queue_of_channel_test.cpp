#include "io/source/ami/queue_of_channel.hpp"

#include <doctest/doctest.h>
#include <string>

using surged::io::ami::QueueOfChannel;

TEST_CASE("ami: the queue a channel asked for, the last one it named") {
    QueueOfChannel queues;
    CHECK(queues.find("1").empty());
    queues.set("1", "sales");
    queues.set("1", "vip");
    CHECK(queues.find("1") == "vip");
    queues.erase("1");
    CHECK(queues.find("1").empty());
}

TEST_CASE("ami: channels that nobody asks after make room for new ones") {
    QueueOfChannel queues;
    for (int i = 0; i < 50'000; ++i) queues.set(std::to_string(i), "sales");
    CHECK(queues.find("0").empty());
    CHECK(queues.find("29999").empty());
    CHECK(queues.find("30000") == "sales");
    CHECK(queues.find("49999") == "sales");
}
