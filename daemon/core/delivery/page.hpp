// A page: what we owe one person by one method, and how far it got.
#pragma once

#include "base/time.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace surged::delivery {

enum class State : std::uint8_t { due, sent, accepted, acknowledged, failed, over };
[[nodiscard]] std::string_view name_of(State state);

/// Result of one attempt (channels.md §0).
enum class Outcome : std::uint8_t {
    accepted,
    rate_limited,
    retry,
    unknown,
    bad_message,
    bad_channel
};
[[nodiscard]] std::string_view name_of(Outcome outcome);

/// What a page says; rendered in the person's language by paging/message.
struct Content {
    std::string incident, plan, site, queue, trigger, kpi;
    plan::Level level{plan::Level::none};
    std::uint32_t rise{0};
    std::string title, text;       // text holds the title's facts in full
    std::string value, threshold;  // as people read them: "0.36", "1m52s"
    Wall since{}, created{};
    std::string first_step;
    std::string link;  // incident page under public_url; empty: none
    bool drill{false};
    plan::Language language{plan::Language::zh_cn};  // of title and text: the channel adds to them
    template <class A>
    void fields(A& a) {
        a(incident,
          plan,
          site,
          queue,
          trigger,
          kpi,
          level,
          rise,
          title,
          text,
          value,
          threshold,
          since,
          created,
          first_step,
          link,
          drill,
          language);
    }
    bool operator==(const Content&) const = default;
};

struct Page {
    std::string id;  // the page key: incident, rise, rung, round, person, method; safe in a URL
    std::string incident;
    std::uint32_t rise{0}, rung{0}, round{0}, method{0};
    std::string person, channel, to;
    State state{State::due};
    bool possible_repeat{false};
    std::uint32_t attempts{0};  // also the generation: a send is wanted only if it still matches
    bool in_flight{false};      // released to the channel, no receipt yet
    Instant created_at;
    std::optional<Instant> sent_at, acked_at;
    std::string acked_by;
    std::optional<Instant> retry_at;
    std::string last_detail;  // the channel's own words on the last attempt
    Content content;
    std::string step;  // not empty: about a step that is overdue
    template <class A>
    void fields(A& a) {
        a(id,
          incident,
          rise,
          rung,
          round,
          method,
          person,
          channel,
          to,
          state,
          possible_repeat,
          attempts,
          in_flight,
          created_at,
          sent_at,
          acked_at,
          acked_by,
          retry_at,
          last_detail,
          content);
        if (a.version() >= 2) a(step);
    }
    bool operator==(const Page&) const = default;
};

}  // namespace surged::delivery
