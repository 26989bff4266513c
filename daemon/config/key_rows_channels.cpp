// The keys of `channels`: those of every type, then those that a type adds.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key rows[] = {
    {File::surged, "channels", table, "", "", "How people are reached, by name"},
    {File::surged, "channels.*.type", choice, "webhook | console", "required",
     "webhook: Alertmanager's body, signed; console: lines on stdout", true,
     "wecom_robot | wecom_app | dingtalk | feishu | slack | pagerduty | opsgenie | goalert | "
     "ntfy | telegram | smtp | sms | voice | command | alertmanager"},
    {File::surged, "channels.*.timeout", duration, "100ms..5m", "15s",
     "Longest time for one attempt"},
    {File::surged, "channels.*(webhook).base_url", url, "", "required", "Where to POST"},
    {File::surged, "channels.*(webhook).secret_file", path, "", "required",
     "File with the signing secret, whsec_…"},
    {File::surged, "channels.*(webhook).hub_signature", boolean, "", "false",
     "Also sign with X-Hub-Signature-256"},
    {File::surged, "channels.*(webhook).allow_private", boolean, "", "true",
     "The target may be loopback or a private address"},
};
// clang-format on

}  // namespace

std::span<const Key> channel_keys() { return rows; }

}  // namespace surged::config
