// Vectors: channels' own documentation; those of Zammad and DingTalk's callback were made with
// openssl(1) from the rules that their documentation gives.
#include "io/source/webhook/signature.hpp"

#include "io/crypto.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::io;
using namespace surged::io::hook;

namespace {

Wall at(std::int64_t seconds) { return Wall{seconds * 1'000'000}; }

http::Request request(http::Fields headers, std::string body) {
    http::Request out;
    out.method = "POST";
    out.target = "/api/v1/hooks/x";
    out.headers = std::move(headers);
    out.body = std::move(body);
    return out;
}

Signing signing(Scheme scheme, std::vector<std::string> secrets) {
    Signing out;
    out.scheme = scheme;
    out.secrets = std::move(secrets);
    return out;
}

// Every scheme of a body that is signed: good; another secret, body or time is not.
struct Row {
    Scheme scheme;
    const char* secret;
    http::Fields headers;
    const char* body;
    std::int64_t now;
    bool timed, covers_body;
};

const Row rows[] = {
    {Scheme::standard_webhooks,
     "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",       {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
      {"webhook-timestamp", "1614265330"},
      {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}},
     R"({"test": 2432232314})",          1614265330,
     true,  true },
    {Scheme::slack,
     "8f742231b10e8888abcd99yyyzzz85a5",             {{"x-slack-request-timestamp", "1531420618"},
      {"x-slack-signature", "v0=90020873e6bbe3b3515fec3b8fc08453f30f6b3fccd4d8a47b757f016b7334ae"}},
     "payload=%7B%7D",                   1531420618,
     true,  true },
    {Scheme::feishu,
     "enckey",                                       {{"x-lark-request-timestamp", "1700000000"},
      {"x-lark-request-nonce", "nonce1"},
      {"x-lark-signature", "f4bd4d0234fc0a6e5479b792366f51e99bed2ccc32ec6fdefef2f2b1d3b4440b"}},
     R"({"encrypt":"x"})",               1700000000,
     true,  true },
    {Scheme::pagerduty,
     "secret",                                       {{"x-pagerduty-signature",
       "v1=0000, v1=2c984a26b96792f49173390b114619a17f5699a0bb42f13aff472b980b3080b5"}},
     R"({"event":{}})",                  0,
     false, true },
    {Scheme::dingtalk,
     "SECtest0000",                                  {{"timestamp", "1700000000000"}, {"sign", "vnXGs3iLBrhWP5FlVeFaKWEXtHxmrew6anASiLXEfm0="}},
     R"({"msgId":"m"})",                 1700000000,
     true,  false},
    {Scheme::zendesk,
     "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", {{"x-zendesk-webhook-signature-timestamp", "2024-04-17T17:18:10Z"},
      {"x-zendesk-webhook-signature", "bJkZT1eXT/cZmbYKIObufq5z3Ezy8GB+9t3ygXgW86A="}},
     R"({"id":"1"})",                    1713374290,
     true,  true },
    {Scheme::hub_sha1,
     "zammad-token",                                 {{"x-hub-signature", "sha1=7465c9922659c7a560ff356a13e6d69e39e06503"}},
     R"({"ticket":{"number":"10081"}})", 0,
     false, true },
    {Scheme::hub_sha256,
     "It's a Secret to Everybody",                   {{"x-hub-signature-256",
       "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
     "Hello, World!",                    0,
     false, true },
};

}  // namespace

TEST_CASE("webhook signature: the published vectors, and what differs from them") {
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.scheme));
        const Signing good = signing(row.scheme, {"old", row.secret});
        const Wall now = at(row.now);
        CHECK(verify(good, request(row.headers, row.body), now).verdict == Verdict::good);
        CHECK(
            verify(signing(row.scheme, {"other"}), request(row.headers, row.body), now).verdict ==
            Verdict::wrong
        );
        CHECK(
            verify(signing(row.scheme, {}), request(row.headers, row.body), now).verdict ==
            Verdict::wrong
        );
        CHECK(verify(good, request({}, row.body), now).verdict == Verdict::missing);
        const Verdict changed =
            verify(good, request(row.headers, std::string{row.body} + " "), now).verdict;
        CHECK(changed == (row.covers_body ? Verdict::wrong : Verdict::good));
        const Verified once = verify(good, request(row.headers, row.body), now);
        CHECK(once.id.empty() != row.covers_body);
        if (!row.timed) continue;
        for (const std::int64_t off : {-3601, 3601})
            CHECK(
                verify(good, request(row.headers, row.body), at(row.now + off)).verdict ==
                Verdict::stale
            );
        Signing wide = good;
        wide.window = std::chrono::hours{2};
        CHECK(
            verify(wide, request(row.headers, row.body), at(row.now + 3601)).verdict ==
            Verdict::good
        );
        Signing narrow = good;
        narrow.window = Micros{1s};
        CHECK(
            verify(narrow, request(row.headers, row.body), at(row.now + 2)).verdict ==
            Verdict::stale
        );
    }
}

TEST_CASE("webhook signature: times that are none do not pass") {
    for (const char* time : {"", "x", "99999999999999999999", "-1614265330", "1614265330.0"}) {
        CAPTURE(time);
        const Signing by = signing(Scheme::slack, {"s"});
        http::Request asked = request(
            {
                {"x-slack-request-timestamp", time}
        },
            "b"
        );
        asked.headers.emplace_back(
            "x-slack-signature",
            "v0=" + crypto::to_hex(crypto::hmac_sha256("s", fmt::format("v0:{}:b", time)))
        );
        CHECK(verify(by, asked, at(1614265330)).verdict == Verdict::stale);
    }
}

TEST_CASE("webhook signature: Twilio signs URL and form, with or without the port") {
    Signing by = signing(Scheme::twilio, {"12345"});
    by.url = "https://mycompany.com/myapp.php";
    http::Request asked = request(
        {
            {"x-twilio-signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    },
        "To=%2B18005551212&CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234"
        "&From=%2B14158675309"
    );
    asked.target = "/myapp.php?foo=1&bar=2";
    CHECK(verify(by, asked, at(0)).verdict == Verdict::good);
    by.url = "https://mycompany.com:443/myapp.php";
    CHECK(verify(by, asked, at(0)).verdict == Verdict::good);
    by.url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    CHECK(verify(by, asked, at(0)).verdict == Verdict::good);
    by.url = "http://mycompany.com/myapp.php";
    CHECK(verify(by, asked, at(0)).verdict == Verdict::wrong);
    by.url = "https://mycompany.com/myapp.php";
    asked.body += "&X=1";
    CHECK(verify(by, asked, at(0)).verdict == Verdict::wrong);

    // JSON: the URL carries the digest of the body.
    http::Request json = request({}, R"({"a":1})");
    json.query = {
        {"bodySHA256", crypto::sha256_hex(json.body)}
    };
    json.target = "/h?bodySHA256=" + crypto::sha256_hex(json.body);
    const std::string url = "https://mycompany.com/h?bodySHA256=" + crypto::sha256_hex(json.body);
    json.headers = {
        {"x-twilio-signature", crypto::to_base64(crypto::hmac_sha1("12345", url))}
    };
    by.url = "https://mycompany.com/h";
    CHECK(verify(by, json, at(0)).verdict == Verdict::good);
    json.body += " ";
    CHECK(verify(by, json, at(0)).verdict == Verdict::wrong);
}

TEST_CASE("webhook signature: secrets that are sent as they are") {
    const auto verdict = [](const Signing& by, http::Fields headers, std::string key = {}) {
        http::Request asked = request(std::move(headers), "{}");
        if (!key.empty()) asked.params["key"] = key;
        return verify(by, asked, at(0)).verdict;
    };
    const Signing bearer = signing(Scheme::bearer, {"s3cret", "n3w"});
    CHECK(
        verdict(
            bearer,
            {
                {"authorization", "Bearer s3cret"}
    }
        ) == Verdict::good
    );
    CHECK(
        verdict(
            bearer,
            {
                {"authorization", "bearer n3w"}
    }
        ) == Verdict::good
    );
    CHECK(
        verdict(
            bearer,
            {
                {"authorization", "Bearer s3cre"}
    }
        ) == Verdict::wrong
    );
    CHECK(
        verdict(
            bearer,
            {
                {"authorization", "Basic s3cret"}
    }
        ) == Verdict::missing
    );
    CHECK(verdict(bearer, {}) == Verdict::missing);
    Signing basic = signing(Scheme::basic, {"pass"});
    basic.username = "user";
    CHECK(
        verdict(
            basic,
            {
                {"authorization", "Basic dXNlcjpwYXNz"}
    }
        ) == Verdict::good
    );
    CHECK(
        verdict(
            basic,
            {
                {"authorization", "Basic dXNlcjpwYXNy"}
    }
        ) == Verdict::wrong
    );
    Signing header = signing(Scheme::header, {"k"});
    header.header = "X-Api-Key";
    CHECK(
        verdict(
            header,
            {
                {"x-api-key", "k"}
    }
        ) == Verdict::good
    );
    CHECK(
        verdict(
            header,
            {
                {"x-api-key", "K"}
    }
        ) == Verdict::wrong
    );
    CHECK(
        verdict(
            header,
            {
                {"api-key", "k"}
    }
        ) == Verdict::missing
    );
    const Signing path = signing(Scheme::path, {"long-secret"});
    CHECK(verdict(path, {}, "long-secret") == Verdict::good);
    CHECK(verdict(path, {}, "long-secre") == Verdict::wrong);
    CHECK(verdict(path, {}) == Verdict::missing);
}

TEST_CASE("webhook signature: Feishu's encrypted body") {
    const auto plain = decrypt_feishu("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=");
    REQUIRE(plain.has_value());
    CHECK(*plain == "hello world");
    CHECK(!decrypt_feishu("other key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="));
    CHECK(!decrypt_feishu("test key", "P37w"));
    CHECK(!decrypt_feishu("test key", "not base64!"));
}
