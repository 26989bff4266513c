#include "app/cli/api.hpp"

#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"
#include "core/paging/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace surged::app::cli {
namespace {

namespace json = boost::json;
using paging::phrase;

constexpr std::size_t answer_bytes_max = 256 * 1024 * 1024;
constexpr std::size_t list_page = 1000;
constexpr std::size_t list_pages_max = 1000;

std::string text_of(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()}
                                                  : std::string{};
}

}  // namespace

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            out.push_back(c);
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string problem_text(const io::http::ClientResponse& response, plan::Language language) {
    boost::system::error_code ec;
    const json::value body = json::parse(response.body, ec);
    std::string words;
    if (!ec && body.is_object()) {
        words = text_of(body.get_object(), "detail");
        if (words.empty()) words = text_of(body.get_object(), "title");
    }
    while (words.ends_with('\n')) words.pop_back();  // a list of mistakes ends its last line
    if (words.empty()) return fmt::format("HTTP {}", response.status);
    if (language == plan::Language::zh_cn) words = mistakes_in_chinese(words);
    return fmt::format("{} (HTTP {})", words, response.status);
}

Result<Api> Api::open(const Globals& globals) {
    std::string token;
    if (!globals.token_file.empty()) {
        auto read = secret_from(globals.token_file);
        if (!read) return tl::make_unexpected(read.error());
        token = std::move(*read);
    }
    std::string url = globals.url;
    while (url.ends_with('/')) url.pop_back();
    return Api{std::move(url), std::move(token), language_for(globals.language)};
}

io::http::ClientRequest Api::request(std::string method, const std::string& path) const {
    io::http::ClientRequest request;
    request.method = std::move(method);
    request.url = url_ + path;
    request.body_max = answer_bytes_max;
    request.timeout = timeout_;
    if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
    return request;
}

io::http::ClientRequest Api::post_request(const std::string& path, std::string body) const {
    io::http::ClientRequest out = request("POST", path);
    out.headers.emplace_back("Content-Type", "application/json");
    out.body = std::move(body);
    return out;
}

Result<json::value> Api::send(io::http::ClientRequest request) {
    const auto result = io::http::request_blocking(client_, std::move(request));
    if (!result)
        return fail(
            phrase(
                language_,
                "{} 没有应答:{}",
                "no answer from {}: {}",
                url_,
                language_ == plan::Language::zh_cn ? mistakes_in_chinese(result.error().what)
                                                   : result.error().what
            ),
            phrase(
                language_,
                "surged 是否在那里运行?用 --url 指定其他地址",
                "is surged running there? --url names another place"
            )
        );
    boost::system::error_code ec;
    json::value body = json::parse(result->body, ec);
    const bool well = result->status >= 200 && result->status <= 299;
    if (!well) {
        problem_ = ec ? json::value{} : std::move(body);
        const bool token = result->status == 401 || result->status == 403;
        return fail(
            problem_text(*result, language_),
            token ? phrase(
                        language_,
                        "用 --token-file 指定令牌文件",
                        "--token-file names the file with your token"
                    )
                  : std::string{}
        );
    }
    if (ec)
        return fail(phrase(
            language_,
            "{} 返回的不是 JSON:那是 surged 吗?",
            "{} does not speak JSON: is that surged?",
            url_
        ));
    return body;
}

Result<json::value> Api::get(const std::string& path) { return send(request("GET", path)); }

Result<json::value> Api::post(const std::string& path, std::string body) {
    return send(post_request(path, std::move(body)));
}

Result<json::array> Api::list(const std::string& path, std::string_view key, std::string_view id) {
    json::array all;
    std::string after;
    for (std::size_t page = 0; page < list_pages_max; ++page) {
        std::string query = fmt::format("{}?limit={}", path, list_page);
        if (!after.empty()) query += "&after=" + percent_encoded(after);
        auto body = get(query);
        if (!body) return tl::make_unexpected(body.error());
        json::value* items = body->is_object() ? body->get_object().if_contains(key) : nullptr;
        if (items == nullptr || !items->is_array())
            return fail("the answer has no " + std::string{key});
        json::array& part = items->get_array();
        for (json::value& item : part) all.push_back(std::move(item));
        if (part.size() < list_page) return all;
        if (!all.back().is_object()) return fail("the answer holds no objects");
        after = text_of(all.back().get_object(), std::string{id}.c_str());
        if (after.empty()) return all;
    }
    return all;
}

}  // namespace surged::app::cli
