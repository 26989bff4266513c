#include "support/vendor_fakes.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <optional>
#include <utility>

namespace surged::test {
namespace {

namespace json = boost::json;

std::string hmac_base64(const std::string& key, const std::string& message) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(message.data()),
        message.size(),
        mac,
        &size
    );
    unsigned char text[64];
    const int length = EVP_EncodeBlock(text, mac, static_cast<int>(size));
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
}

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch()
    )
        .count();
}

bool within_an_hour(std::int64_t ms) { return std::abs(now_ms() - ms) < 3'600'000; }

VendorReply errcode(int code, const std::string& message) {
    return {200, fmt::format(R"({{"errcode":{},"errmsg":"{}"}})", code, message), {}, "text/plain"};
}

VendorReply feishu_code(int code, const std::string& message) {
    return {200, fmt::format(R"({{"code":{},"msg":"{}"}})", code, message), {}, "application/json"};
}

std::string at(const json::value& body, const char* pointer) {
    boost::system::error_code ec;
    const json::value* found = body.find_pointer(pointer, ec);
    return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                  : std::string{};
}

std::optional<json::value> parsed(const VendorRequest& request) {
    boost::system::error_code ec;
    json::value body = json::parse(request.body, ec);
    if (ec || !body.is_object()) return std::nullopt;
    return body;
}

std::string query(const VendorRequest& request, const std::string& name) {
    const auto it = request.query.find(name);
    return it == request.query.end() ? std::string{} : it->second;
}

bool is_json(const VendorRequest& request) {
    const auto it = request.headers.find("content-type");
    return it != request.headers.end() && it->second.starts_with("application/json");
}

std::string between(const std::string& text, const std::string& left, const std::string& right) {
    const auto from = text.find(left);
    if (from == std::string::npos) return {};
    const auto begin = from + left.size();
    return text.substr(begin, text.find(right, begin) - begin);
}

std::string link_in(const std::string& content) {
    const std::string link = between(content, "](", ")");
    return link.empty() ? between(content, "<a href=\"", "\"") : link;
}

/// Everything that a reader sees of a card, in order.
void gather(const json::value& value, std::string& out) {
    if (const auto* list = value.if_array())
        for (const auto& item : *list) gather(item, out);
    const auto* object = value.if_object();
    if (object == nullptr) return;
    for (const auto& member : *object) {
        if (member.key() == "content" && member.value().is_string())
            out += std::string{member.value().get_string()} + "\n";
        gather(member.value(), out);
    }
}

}  // namespace

VendorFake::VendorFake(Answer answer)
    : kept_{std::make_shared<Kept>()},
      server_{[kept = kept_, answer = std::move(answer)](const VendorRequest& request) {
          return answer(*kept, request);
      }} {}

std::vector<Delivered> VendorFake::delivered() const {
    std::vector<Delivered> out;
    server_.look([&] { out = kept_->delivered; });
    return out;
}

bool VendorFake::Kept::too_fast(std::size_t most, std::chrono::seconds span) {
    const auto now = std::chrono::steady_clock::now();
    while (!times.empty() && times.front() + span <= now) times.pop_front();
    if (times.size() >= most) return true;
    times.push_back(now);
    return false;
}

WecomRobotFake::WecomRobotFake(std::string key)
    : VendorFake{[key = std::move(key)](Kept& kept, const VendorRequest& request) {
          if (request.method != "POST" || request.path != "/cgi-bin/webhook/send")
              return VendorReply{404, "no such page", {}, "text/html"};
          const std::string given = query(request, "key");
          if (given != key)  // quotes what it was sent, as the real one does
              return errcode(93000, "invalid webhook url, key " + given);
          const auto body = parsed(request);
          if (!body || !is_json(request)) return errcode(40058, "invalid request body");
          if (request.body.find("\\u") != std::string::npos)
              return errcode(40033, "invalid character \\u");
          const std::string kind = at(*body, "/msgtype");
          if (kind != "text" && kind != "markdown") return errcode(40008, "invalid message type");
          const std::string content = at(*body, ("/" + kind + "/content").c_str());
          if (content.empty()) return errcode(44004, "empty content");
          if (content.size() > (kind == "text" ? 2048U : 4096U))
              return errcode(40058, "content exceed max length");
          if (kept.too_fast(20, std::chrono::seconds{60}))
              return errcode(45009, "api freq out of limit");
          kept.delivered.push_back({kind, content, link_in(content), request.body});
          return errcode(0, "ok");
      }} {}

WecomAppFake::WecomAppFake(std::string corp_id, std::string secret, std::set<std::string> members)
    : VendorFake{[corp_id = std::move(corp_id),
                  secret = std::move(secret),
                  members = std::move(members)](Kept& kept, const VendorRequest& request) {
          if (request.method == "GET" && request.path == "/cgi-bin/gettoken") {
              if (query(request, "corpid") != corp_id) return errcode(40013, "invalid corpid");
              if (query(request, "corpsecret") != secret)
                  return errcode(40001, "invalid credential " + query(request, "corpsecret"));
              const std::string token = fmt::format("token/{}+=", kept.tokens.size());
              kept.tokens[token] = 0;
              return VendorReply{
                  200,
                  fmt::format(
                      R"({{"errcode":0,"errmsg":"ok","access_token":"{}","expires_in":7200}})",
                      token
                  ),
                  {},
                  "application/json"
              };
          }
          if (request.method != "POST" || request.path != "/cgi-bin/message/send")
              return VendorReply{404, "no such page", {}, "text/html"};
          const std::string token = query(request, "access_token");
          const auto known = kept.tokens.find(token);
          if (known == kept.tokens.end()) return errcode(40014, "invalid access_token " + token);
          if (known->second != 0) return errcode(known->second, "access_token " + token);
          const auto body = parsed(request);
          if (!body || !is_json(request)) return errcode(40058, "invalid request body");
          if (request.body.find("\\u") != std::string::npos)
              return errcode(40033, "invalid character \\u");
          if (body->at("agentid").to_number<int>() != 1000002) return errcode(40056, "agentid");
          const std::string content = at(*body, "/text/content");
          if (at(*body, "/msgtype") != "text") return errcode(40008, "invalid message type");
          if (content.empty()) return errcode(44004, "empty content");
          if (content.size() > 2048) return errcode(45002, "content size out of limit");
          std::string missed;
          bool anybody = false;
          const std::string to = at(*body, "/touser");
          for (std::size_t from = 0; from <= to.size();) {
              const auto end = std::min(to.find('|', from), to.size());
              const std::string member = to.substr(from, end - from);
              from = end + 1;
              if (members.contains(member))
                  anybody = true;
              else
                  missed += (missed.empty() ? "" : "|") + member;
          }
          if (!anybody) return errcode(81013, "user & party & tag all invalid");
          const bool repeat = std::any_of(
              kept.delivered.begin(),
              kept.delivered.end(),
              [&](const Delivered& before) { return before.body == request.body; }
          );
          if (!repeat) kept.delivered.push_back({"text", content, link_in(content), request.body});
          return VendorReply{
              200,
              fmt::format(
                  R"({{"errcode":0,"errmsg":"ok","invaliduser":"{}","msgid":"m-{}"}})",
                  missed,
                  kept.delivered.size()
              ),
              {},
              "application/json"
          };
      }} {}

void WecomAppFake::refuse_tokens(int code) {
    server_.look([&] {
        for (auto& [token, refused] : kept_->tokens) refused = code;
    });
}

DingtalkFake::DingtalkFake(std::string token, std::string secret, std::string keyword)
    : VendorFake{[token = std::move(token),
                  secret = std::move(secret),
                  keyword = std::move(keyword)](Kept& kept, const VendorRequest& request) {
          if (request.method != "POST" || request.path != "/robot/send")
              return VendorReply{404, "no such page", {}, "text/html"};
          if (query(request, "access_token") != token)
              return errcode(300001, "token is not exist " + query(request, "access_token"));
          if (!is_json(request)) return errcode(43004, "content type");
          const auto body = parsed(request);
          if (!body) return errcode(40035, "json");
          if (!secret.empty()) {
              const std::string ms = query(request, "timestamp");
              const bool good = !ms.empty() && within_an_hour(std::stoll(ms)) &&
                                query(request, "sign") == hmac_base64(secret, ms + "\n" + secret);
              if (!good) return errcode(310000, "sign not match, secret " + secret);
          }
          if (request.body.size() > 20'000) return errcode(460101, "message too long");
          const std::string kind = at(*body, "/msgtype");
          std::string text;
          std::string link;
          if (kind == "text") {
              text = at(*body, "/text/content");
          } else if (kind == "markdown") {
              text = at(*body, "/markdown/title") + "\n" + at(*body, "/markdown/text");
          } else if (kind == "actionCard") {
              text = at(*body, "/actionCard/title") + "\n" + at(*body, "/actionCard/text");
              link = at(*body, "/actionCard/btns/0/actionURL");
              if (link.empty()) return errcode(40035, "btns");
          } else {
              return errcode(400105, "unsupported msgtype");
          }
          if (text.find(keyword) == std::string::npos) return errcode(310000, "关键词不匹配");
          const auto now = std::chrono::steady_clock::now();
          if (now < kept.blocked_until || kept.too_fast(20, std::chrono::seconds{60})) {
              kept.blocked_until = now + std::chrono::minutes{10};
              return errcode(130101, "send too fast, exceed 20 times per minute");
          }
          kept.delivered.push_back({kind, text, link, request.body});
          return errcode(0, "ok");
      }} {}

FeishuFake::FeishuFake(std::string token, std::string secret, std::string keyword)
    : VendorFake{[token = std::move(token),
                  secret = std::move(secret),
                  keyword = std::move(keyword)](Kept& kept, const VendorRequest& request) {
          const std::string hook = "/open-apis/bot/v2/hook/";
          if (request.method != "POST" || !request.path.starts_with(hook))
              return VendorReply{404, "404 page not found", {}, "text/plain"};
          const std::string given = request.path.substr(hook.size());
          if (given != token)
              return feishu_code(19001, "param invalid: incoming webhook access token " + given);
          const auto body = parsed(request);
          if (!body || !is_json(request) || request.body.size() > 20 * 1024)
              return feishu_code(9499, "Bad Request");
          if (!secret.empty()) {
              const std::string s = at(*body, "/timestamp");
              const bool good = !s.empty() && within_an_hour(std::stoll(s) * 1000) &&
                                at(*body, "/sign") == hmac_base64(s + "\n" + secret, "");
              if (!good) return feishu_code(19021, "sign match fail, secret " + secret);
          }
          const std::string kind = at(*body, "/msg_type");
          std::string text;
          std::string link;
          if (kind == "text") {
              text = at(*body, "/content/text");
          } else if (kind == "interactive") {
              gather(body->at("card"), text);
              for (int i = 0; i < 5 && link.empty(); ++i)
                  link = at(*body, fmt::format("/card/elements/{}/actions/0/url", i).c_str());
          } else {
              return feishu_code(19002, "params error, msg_type need");
          }
          if (text.empty()) return feishu_code(9499, "Bad Request");
          if (text.find(keyword) == std::string::npos)
              return feishu_code(19024, "Key Words Not Found");
          if (kept.too_fast(100, std::chrono::seconds{60}))
              return feishu_code(11232, "frequency limited psm");
          kept.delivered.push_back({kind, text, link, request.body});
          return feishu_code(0, "success");
      }} {}

}  // namespace surged::test
