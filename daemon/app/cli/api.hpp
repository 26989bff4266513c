// The HTTP API as the commands use it: one blocking request at a time, problems as words.
#pragma once

#include "app/cli/common.hpp"
#include "base/time.hpp"
#include "core/plan/level.hpp"
#include "io/http/client.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace surged::app::cli {

/// For one path segment or query value: everything but unreserved characters (RFC 3986 §2.3).
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// What a problem document (or any other failed answer) says, on one line: in Chinese where it is
/// one of the common answers, else in surged's own words.
[[nodiscard]] std::string problem_text(
    const io::http::ClientResponse& response, plan::Language language
);

class Api {
public:
    /// Reads the token; fails if its file cannot be read.
    [[nodiscard]] static Result<Api> open(const Globals& globals);

    /// A bound for each request from here on; 15 s without.
    void answer_within(Micros limit) { timeout_ = limit; }
    /// The JSON of a 2xx answer; anything else is an error in words.
    [[nodiscard]] Result<boost::json::value> get(const std::string& path);
    [[nodiscard]] Result<boost::json::value> post(const std::string& path, std::string body);
    /// The problem document of the last answer that was an error; null if it had none.
    [[nodiscard]] const boost::json::value& problem() const { return problem_; }
    /// A request to the API with its token, not sent.
    [[nodiscard]] io::http::ClientRequest post_request(const std::string& path, std::string body)
        const;
    /// All items of a list, page by page: `key` is the name of the array, `id` of the cursor.
    [[nodiscard]] Result<boost::json::array> list(
        const std::string& path, std::string_view key, std::string_view id
    );

private:
    Api(std::string url, std::string token, plan::Language language)
        : url_{std::move(url)}, token_{std::move(token)}, language_{language} {}
    [[nodiscard]] Result<boost::json::value> send(io::http::ClientRequest request);
    [[nodiscard]] io::http::ClientRequest request(std::string method, const std::string& path)
        const;
    std::string url_, token_;
    plan::Language language_;
    boost::json::value problem_;
    Micros timeout_{15s};
    io::http::Client client_;
};

}  // namespace surged::app::cli
