// What people and other systems POST, as inputs of the engine. Pure: bytes to values.
#pragma once

#include "base/error.hpp"
#include "core/engine/input.hpp"
#include "io/api/rules_desk.hpp"

#include <string>
#include <string_view>

namespace surged::io::api {

/// {"kind","by", …}: a person reports that something happened. plan, level, queue, place, scope,
/// cause and text may be there.
[[nodiscard]] Result<engine::Body> decode_report(std::string_view body);
/// {"by","why"} to activate or decline.
[[nodiscard]] Result<engine::Body> decode_decision(
    std::string incident, bool activate, std::string_view body
);
/// {"by","level","for":"30m","why"}; level "none" takes the pin away.
[[nodiscard]] Result<engine::Body> decode_pin(std::string incident, std::string_view body);
/// {"by","state":"done"|"skipped","why"}; a skip wants a reason.
[[nodiscard]] Result<engine::Body> decode_step(
    std::string incident, std::string step, std::string_view body
);
/// {"by","text"}
[[nodiscard]] Result<engine::Body> decode_note(std::string incident, std::string_view body);
/// {"plan","trigger","queue","levels":{"III":0.4},"for":"2h","by","why"}; without levels: taken
/// back. Amounts are numbers in the KPI's unit (seconds, shares).
/// {"by","why","confirm"}, all of which may be left out; an empty body too.
[[nodiscard]] Result<ReloadAsked> decode_reload(std::string_view body);
[[nodiscard]] Result<engine::Body> decode_threshold(std::string_view body);
/// Alertmanager's own: [{"labels":{},"annotations":{},"startsAt","endsAt"}]. One without an end
/// lasts 5 minutes unless it is sent again.
/// @param now  the wall clock, for endsAt
[[nodiscard]] Result<engine::Body> decode_alerts(std::string_view body, Wall now);

}  // namespace surged::io::api
