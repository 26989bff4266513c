// What is counted, in groups that are kept or left out together. Integers only.
//
// Each group is a template over its count type: 32 bits in a bucket, 64 in a running sum, so that
// one lambda changes both and the two cannot drift apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

namespace surged::board {

/// Callers who came and left. Outcomes count in the bucket in which the caller left.
template <class N>
struct Traffic {
    N offered{}, answered{}, in_target{}, abandoned{}, abandoned_in_target{}, short_abandoned{},
        exited{}, refused{};
    std::int64_t wait_us{0};  // of the answered
    auto members() {
        return std::tie(
            offered,
            answered,
            in_target,
            abandoned,
            abandoned_in_target,
            short_abandoned,
            exited,
            refused,
            wait_us
        );
    }
    template <class A>
    void fields(A& a) {
        std::apply([&a](auto&... m) { a(m...); }, members());
    }
    bool operator==(const Traffic&) const = default;
};

/// Contacts that an agent finished; `handled` includes the transferred.
template <class N>
struct Handling {
    N handled{}, transferred{};
    std::int64_t handle_us{0};  // talk and wrap-up
    auto members() { return std::tie(handled, transferred, handle_us); }
    template <class A>
    void fields(A& a) {
        std::apply([&a](auto&... m) { a(m...); }, members());
    }
    bool operator==(const Handling&) const = default;
};

/// Agent time; both are sums over the agents.
template <class N>
struct StaffTime {
    std::int64_t busy_us{0};   // in contact or wrap-up
    std::int64_t ready_us{0};  // available
    auto members() { return std::tie(busy_us, ready_us); }
    template <class A>
    void fields(A& a) {
        std::apply([&a](auto&... m) { a(m...); }, members());
    }
    bool operator==(const StaffTime&) const = default;
};

/// Complaints and surveys.
template <class N>
struct Care {
    N complaints{}, closed{}, scores{}, good_scores{};
    auto members() { return std::tie(complaints, closed, scores, good_scores); }
    template <class A>
    void fields(A& a) {
        std::apply([&a](auto&... m) { a(m...); }, members());
    }
    bool operator==(const Care&) const = default;
};

/// Callers who can be told apart, and those of them who were here within the last half hour.
template <class N>
struct Repeats {
    N known{}, repeated{};
    auto members() { return std::tie(known, repeated); }
    template <class A>
    void fields(A& a) {
        std::apply([&a](auto&... m) { a(m...); }, members());
    }
    bool operator==(const Repeats&) const = default;
};

/// Rounds of written contacts, and those of them that a person answered within 180 s.
template <class N>
struct Responses {
    N rounds{}, in_time{};
    auto members() { return std::tie(rounds, in_time); }
    template <class A>
    void fields(A& a) {
        std::apply([&a](auto&... m) { a(m...); }, members());
    }
    bool operator==(const Responses&) const = default;
};

/// sum ∓= part, member by member; the two may have different count types.
template <class Sum, class Part>
void subtract(Sum& sum, Part& part) {
    auto into = sum.members();
    auto from = part.members();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((std::get<I>(into) -= static_cast<std::int64_t>(std::get<I>(from))), ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(into)>>{});
}
template <class Sum, class Part>
void add(Sum& sum, Part& part) {
    auto into = sum.members();
    auto from = part.members();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((std::get<I>(into) += static_cast<std::int64_t>(std::get<I>(from))), ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(into)>>{});
}

}  // namespace surged::board
