// A page as a short message by Aliyun: variables for an approved template, a signed request, and
// what the answer means. Pure.
#pragma once

#include "core/delivery/page.hpp"
#include "core/engine/input.hpp"
#include "io/channel/robot.hpp"
#include "io/http/client.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::io::aliyun_sms {

struct Template {
    std::string sign_name;               // the approved signature
    std::string code;                    // SMS_…
    std::vector<std::string> variables;  // those of site, queue, … that it has
};

/// TemplateParam: a JSON object of strings. Each is short, on one line, without links and 【】, and
/// never empty: the vendor refuses those. Plain: letters, digits and characters alone, shorter yet.
/// A drill says so in the first variable.
[[nodiscard]] std::string template_param(
    const delivery::Page& page, const std::vector<std::string>& variables, Form form
);

/// The numbers in a contact's `to` as the API wants them: 13800000000, without +86; empty if one of
/// them is none.
[[nodiscard]] std::vector<std::string> numbers_in(std::string_view to);

struct Moment {
    Wall now;
    std::string nonce;  // another for each request
};
[[nodiscard]] http::ClientRequest encode_request(
    const delivery::Page& page,
    const Template& by,
    Form form,
    const RobotOptions& options,
    std::string_view key_id,
    const Moment& at
);

struct Judgement {
    engine::Receipt receipt;
    bool content{false};  // it is about what the message says: plainer words may pass
};
[[nodiscard]] Judgement judge(
    const http::ClientResult& result, Wall now, const std::vector<std::string>& secrets
);

}  // namespace surged::io::aliyun_sms
