#include "io/ack/token.hpp"

#include "io/ack/links.hpp"
#include "io/crypto.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io;
using namespace surged::io::ack;

namespace {

ack::Key key_of(std::uint32_t id, char fill) { return {id, Wall{0}, std::string(32, fill)}; }

Claim claim_of(const char* page = "P06-hz-20261123-2.3.1.0.王芳.hook") {
    Claim claim;
    claim.page = page;
    claim.person = "王芳";
    claim.expires_s = 1'764'000'000;
    return claim;
}

delivery::Page page_of() {
    delivery::Page page;
    page.id = "P06-hz-20261123-2.3.1.0.wang.hook";
    page.incident = "P06-hz-20261123-2";
    page.person = "wang";
    page.content.created = Wall{1'764'000'000'000'000};
    return page;
}

}  // namespace

TEST_CASE("ack: a token is opened by the key that sealed it, and says what was sealed") {
    const std::string token = seal(claim_of(), key_of(7, 'a'));
    const auto claim = open(token, {key_of(7, 'a')});
    REQUIRE(claim.has_value());
    CHECK(claim->page == claim_of().page);
    CHECK(claim->person == "王芳");
    CHECK(claim->key == 7);
    CHECK(claim->expires_s == 1'764'000'000);
    CHECK(claim->nonce.size() == 16);
    CHECK(allows(*claim, Action::pass_on));
    CHECK_FALSE(open(token, {key_of(7, 'b')}).has_value());
    CHECK(open(token, {key_of(8, 'b'), key_of(7, 'a')}).has_value());  // the key before
    CHECK(
        token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        ) == std::string::npos
    );
    CHECK(seal(claim_of(), key_of(7, 'a')) == token);  // each attempt has the same link
    CHECK(token.size() < 220);
}

TEST_CASE("ack: the signature is HMAC-SHA-256 over ack.v1. and the payload") {
    const ack::Key key = key_of(1, 'k');
    const std::string token = seal(claim_of(), key);
    const auto point = token.find('.');
    CHECK(
        token.substr(point + 1) ==
        crypto::to_base64url(crypto::hmac_sha256(key.secret, "ack.v1." + token.substr(0, point)))
    );
}

TEST_CASE("ack: no byte of a token can be changed") {
    const ack::Key key = key_of(1, 'k');
    const std::string token = seal(claim_of(), key);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string other = token;
        other[i] = other[i] == 'A' ? 'B' : 'A';
        CAPTURE(i);
        CHECK_FALSE(open(other, {key}).has_value());
    }
    for (const std::string& wrong :
         {std::string{},
          std::string{"."},
          token + "=",
          token + "A",
          token.substr(1),
          "A" + token,
          token.substr(0, token.find('.')),
          std::string(5000, 'A') + "." + std::string(43, 'A')})
        CHECK_FALSE(open(wrong, {key}).has_value());
    CHECK_FALSE(open(token, {}).has_value());
}

TEST_CASE("ack: a form's nonce is good for its token and an hour") {
    const std::vector<ack::Key> keys{key_of(2, 'n'), key_of(1, 'o')};
    const Wall shown{1'764'000'000'000'000};
    const auto after = [&](Micros by) { return Wall{shown.us + by.count()}; };
    const std::string nonce = form_nonce("token", keys[1], shown);
    CHECK(form_nonce_good(nonce, "token", keys, shown));
    CHECK(form_nonce_good(nonce, "token", keys, after(59min)));
    CHECK_FALSE(form_nonce_good(nonce, "token", keys, after(61min)));
    CHECK_FALSE(form_nonce_good(nonce, "token", keys, after(-5min)));
    CHECK_FALSE(form_nonce_good(nonce, "other", keys, shown));
    CHECK_FALSE(form_nonce_good(nonce, "token", {keys[0]}, shown));
    for (const char* wrong : {"", ".", "x.y", "1764000000", "1764000000."})
        CHECK_FALSE(form_nonce_good(wrong, "token", keys, shown));
}

TEST_CASE("ack: the link of a page is its own, the same in every attempt, and lasts a day") {
    const Links links{{key_of(1, 'k')}, "https://surged.example/ops/"};
    auto page = page_of();
    const std::string link = links.of(page);
    REQUIRE(link.starts_with("https://surged.example/ops/a/"));
    const auto claim = open(link.substr(29), links.keys());
    REQUIRE(claim.has_value());
    CHECK(claim->page == page.id);
    CHECK(claim->person == "wang");
    CHECK(claim->expires_s == 1'764'000'000 + 86'400);
    page.attempts = 4;
    page.possible_repeat = true;
    CHECK(links.of(page) == link);
    page.person = "li";
    CHECK(links.of(page) != link);
    CHECK(Links{{key_of(1, 'k')}, ""}.of(page).empty());
}

TEST_CASE("ack: links that a rotated key signed stay good while it is the second") {
    Links links{{key_of(1, 'k')}, "https://s.example"};
    const std::string token = links.of(page_of()).substr(20);
    links.rotate({key_of(2, 'l'), key_of(1, 'k')});
    CHECK(open(token, links.keys()).has_value());
    CHECK(links.of(page_of()).substr(20) != token);
    links.rotate({key_of(3, 'm'), key_of(2, 'l')});
    CHECK_FALSE(open(token, links.keys()).has_value());
}
