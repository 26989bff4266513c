// Writes call and agent events: checks their texts and keeps them for as long as they are needed.
//
// What leaves through here holds no caller's number and no caller's name.
#pragma once

#include "core/acd/event.hpp"
#include "io/source/source.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace surged::io::esl {

class Writer {
public:
    explicit Writer(CallerHash caller_hash) : caller_hash_{std::move(caller_hash)} {}

    /// What follows goes to `out`. Texts handed out before are gone, and so is the reason.
    void begin(acd::Batch& out);
    void put(const acd::Event& event);
    /// As it is, or escaped where it is no UTF-8; "" where it is absurdly long.
    [[nodiscard]] std::string_view text(std::string_view value);
    /// The opaque reference of a caller; "" where nothing is to be known of him.
    [[nodiscard]] std::string_view caller(std::string_view number, std::string_view queue);
    /// False if it is empty: noted as a missing field.
    bool want(std::string_view value);
    void note(std::string_view reason) { reason_ = reason; }
    /// Why something was left out or changed; "" if nothing was.
    [[nodiscard]] std::string_view reason() const { return reason_; }

private:
    CallerHash caller_hash_;
    acd::Batch* out_{nullptr};
    std::deque<std::string> texts_;
    std::string_view reason_;
};

}  // namespace surged::io::esl
