// The keys of `channels`: those of every type, then those that a type adds.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key rows[] = {
    {File::surged, "channels", table, "", "", "How people are reached, by name"},
    {File::surged, "channels.*.type", choice,
     "webhook | console | wecom_robot | wecom_app | dingtalk | feishu | smtp | aliyun_sms | "
     "alertmanager | command", "required",
     "webhook: Alertmanager's body, signed; console: lines on stdout; smtp: mail; aliyun_sms: short "
     "messages; alertmanager: its API, version 2; command: a program of yours; the others: robots "
     "and applications of WeCom, DingTalk and Feishu", true,
     "slack | pagerduty | opsgenie | goalert | ntfy | telegram | voice"},
    {File::surged, "channels.*.timeout", duration, "100ms..5m", "15s",
     "Longest time for one attempt"},
    {File::surged, "channels.*.ca_file", path, "", "",
     "Certificates (PEM) to trust beside the system's"},
    {File::surged, "channels.*(webhook).base_url", url, "", "required", "Where to POST"},
    {File::surged, "channels.*(webhook).secret_file", path, "", "required",
     "File with the signing secret: whsec_ and base64, or a text that is the key as it is"},
    {File::surged, "channels.*(webhook).hub_signature", boolean, "", "false",
     "Also sign with X-Hub-Signature-256"},
    {File::surged, "channels.*(webhook).allow_private", boolean, "", "true",
     "The target may be loopback or a private address"},
    {File::surged, "channels.*(wecom_robot).base_url", url, "", "https://qyapi.weixin.qq.com",
     "Where the API is"},
    {File::surged, "channels.*(wecom_robot).key_file", path, "", "required",
     "File with the robot's key, or its whole address"},
    {File::surged, "channels.*(wecom_app).base_url", url, "", "https://qyapi.weixin.qq.com",
     "Where the API is"},
    {File::surged, "channels.*(wecom_app).corp_id", text, "", "required", "ww…, the company's id"},
    {File::surged, "channels.*(wecom_app).agent_id", integer, "1..2000000000", "required",
     "AgentId of the application"},
    {File::surged, "channels.*(wecom_app).secret_file", path, "", "required",
     "File with the application's secret"},
    {File::surged, "channels.*(dingtalk).base_url", url, "", "https://oapi.dingtalk.com",
     "Where the API is"},
    {File::surged, "channels.*(dingtalk).key_file", path, "", "required",
     "File with the robot's access_token, or its whole address"},
    {File::surged, "channels.*(dingtalk).secret_file", path, "", "",
     "File with the signing secret, SEC…; none: the robot is not locked by a signature"},
    {File::surged, "channels.*(dingtalk).keyword", text, "", "",
     "A word that the robot asks for in every message"},
    {File::surged, "channels.*(feishu).base_url", url, "", "https://open.feishu.cn",
     "Where the API is"},
    {File::surged, "channels.*(feishu).key_file", path, "", "required",
     "File with what follows /hook/, or the bot's whole address"},
    {File::surged, "channels.*(feishu).secret_file", path, "", "",
     "File with the signing secret; none: the bot is not locked by a signature"},
    {File::surged, "channels.*(feishu).keyword", text, "", "",
     "A word that the bot asks for in every message"},
    {File::surged, "channels.*(smtp).host", text, "", "required", "The mail server's name"},
    {File::surged, "channels.*(smtp).port", integer, "1..65535", "",
     "TCP port; by default 587, 465 or 25, as tls is"},
    {File::surged, "channels.*(smtp).tls", choice, "starttls | implicit | none", "starttls",
     "starttls: required of the server; implicit: from the first byte; none: in clear"},
    {File::surged, "channels.*(smtp).username", text, "", "", "Login; none: no login"},
    {File::surged, "channels.*(smtp).password_file", path, "", "",
     "File with the password or authorisation code (授权码)"},
    {File::surged, "channels.*(smtp).from", text, "", "required",
     "Sender: local@domain, or a name and then the address in <>"},
    {File::surged, "channels.*(smtp).helo", text, "", "",
     "How we call ourselves; none: the machine's name"},
    {File::surged, "channels.*(smtp).timeout", duration, "100ms..55s", "45s",
     "Longest time for one attempt"},
    {File::surged, "channels.*(aliyun_sms).base_url", url, "", "https://dysmsapi.aliyuncs.com",
     "Where the API is"},
    {File::surged, "channels.*(aliyun_sms).access_key_id", text, "", "required",
     "AccessKey ID of a RAM user who may send short messages"},
    {File::surged, "channels.*(aliyun_sms).secret_file", path, "", "required",
     "File with the AccessKey secret"},
    {File::surged, "channels.*(aliyun_sms).sign_name", text, "", "required",
     "The approved signature, without 【】"},
    {File::surged, "channels.*(aliyun_sms).template_code", text, "", "required",
     "The approved template, SMS_…"},
    {File::surged, "channels.*(aliyun_sms).variables", names, "", "",
     "Variables that the template has, of site, queue, level, value, threshold, action, "
     "incident; none: site, queue, level, value, action"},
    {File::surged, "channels.*(alertmanager).base_url", url, "", "", "The Alertmanager"},
    {File::surged, "channels.*(alertmanager).base_urls", list, "", "",
     "Or all members of its cluster: each gets every alert"},
    {File::surged, "channels.*(alertmanager).token_file", path, "", "",
     "File with a bearer token, for a proxy before it"},
    {File::surged, "channels.*(alertmanager).resend", duration, "1s..5m", "1m",
     "An open incident's alert is sent again so often"},
    {File::surged, "channels.*(command).socket", path, "", "/run/surged-command.sock",
     "Socket of the unit surged-command.socket"},
};
// clang-format on

}  // namespace

std::span<const Key> channel_keys() { return rows; }

}  // namespace surged::config
