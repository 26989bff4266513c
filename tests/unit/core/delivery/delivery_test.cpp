#include "core/delivery/delivery.hpp"

#include <doctest/doctest.h>

using namespace surged;
using delivery::Answer;
using delivery::Outcome;
using delivery::Page;
using delivery::State;

namespace {

const Instant t0{};

Page sent_page() {
    Page page;
    page.id = "P06-hz-20261123-1.1.0.0.wang.hook";
    delivery::release(page, t0);
    return page;
}

}  // namespace

TEST_CASE("delivery: what each answer makes of a page") {
    struct Row {
        const char* name;
        Answer answer;
        State want;
        bool gives_up, repeat, retries;
    };
    const Row rows[] = {
        {"accepted",                  {Outcome::accepted, {}, ""},                 State::accepted, false, false, false},
        {"retry",                     {Outcome::retry, {}, "503"},                 State::due,      false, false, true },
        {"rate limited",              {Outcome::rate_limited, Micros{30s}, "429"}, State::due,      false, false, true
        },
        {"unknown: may have arrived", {Outcome::unknown, {}, ""},                  State::due,      false, true,  true },
        {"bad message",               {Outcome::bad_message, {}, "400"},           State::failed,   true,  false, false},
        {"bad channel",               {Outcome::bad_channel, {}, "410"},           State::failed,   true,  false, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Page page = sent_page();
        CHECK(delivery::apply_answer(page, row.answer, t0 + 1s) == row.gives_up);
        CHECK(page.state == row.want);
        CHECK(page.possible_repeat == row.repeat);
        CHECK(page.retry_at.has_value() == row.retries);
        CHECK_FALSE(page.in_flight);
    }
}

TEST_CASE("delivery: the channel's own waiting time is believed, within reason") {
    Page page = sent_page();
    delivery::apply_answer(page, {Outcome::rate_limited, Micros{30s}, ""}, t0);
    CHECK(page.retry_at == t0 + 30s);
    page = sent_page();
    delivery::apply_answer(page, {Outcome::rate_limited, Micros{48h}, ""}, t0);
    CHECK(page.retry_at == t0 + 15min);
}

TEST_CASE("delivery: backoff doubles to a minute, with jitter that replay draws again") {
    Page page = sent_page();
    Micros most{1s};
    for (std::uint32_t n = 1; n <= 20; ++n) {
        page.attempts = n;
        const Micros wait = delivery::backoff(page);
        CAPTURE(n);
        CHECK(wait >= most / 10);
        CHECK(wait <= most);
        CHECK(wait == delivery::backoff(page));
        most = std::min(most * 2, Micros{60s});
    }
}

TEST_CASE("delivery: a page in doubt goes out again, marked") {
    Page page = sent_page();
    CHECK(delivery::next_wake(page) == t0 + delivery::receipt_wait);
    delivery::doubt(page, t0 + 5s);
    CHECK(page.possible_repeat);
    CHECK(page.retry_at == t0 + 5s);
    Page taken = sent_page();
    taken.state = State::acknowledged;
    delivery::doubt(taken, t0 + 5s);
    CHECK_FALSE(taken.retry_at.has_value());
}

TEST_CASE("delivery: a receiver that says 'again, at once' is not hammered") {
    for (const Micros after : {Micros{0}, Micros{-5s}, Micros{1ms}}) {
        Page page = sent_page();
        delivery::apply_answer(page, {Outcome::retry, after, "503"}, t0);
        CHECK(page.retry_at == t0 + 1s);
    }
}
