#include "io/channel/smtp/send.hpp"
#include "support/deliver.hpp"
#include "support/smtp_server.hpp"
#include "support/surge_page.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;
using test::SmtpFault;
using test::SmtpStep;

namespace {

struct Bench {
    test::TempFolder folder;
    test::TlsIdentity identity{folder.path(), "localhost"};

    [[nodiscard]] test::SmtpServerOptions server() const {
        test::SmtpServerOptions out;
        out.identity = &identity;
        out.auth = "PLAIN LOGIN";
        out.username = "surged";
        out.password = "s3cret";
        return out;
    }
    [[nodiscard]] smtp::SmtpOptions channel(const test::SmtpServer& server) const {
        smtp::SmtpOptions out;
        out.host = "localhost";
        out.port = server.port();
        out.account.helo = "here.example";
        out.account.username = "surged";
        out.account.password = "s3cret";
        out.from = {"", "surged@example.org"};
        out.ca_file = identity.certificate;
        out.timeout = 5s;
        return out;
    }
};

std::string header(const test::SmtpMail& mail, const std::string& name) {
    const auto at = mail.message.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 4;
    return mail.message.substr(from, mail.message.find("\r\n", from) - from);
}

}  // namespace

TEST_CASE("smtp: a page arrives by STARTTLS, by implicit TLS, and in clear where that is asked for"
) {
    const Bench bench;
    for (const auto security :
         {smtp::Security::starttls, smtp::Security::implicit, smtp::Security::none}) {
        auto options = bench.server();
        options.implicit = security == smtp::Security::implicit;
        const test::SmtpServer server{options};
        auto to = bench.channel(server);
        to.account.security = security;
        const bool clear = security == smtp::Security::none;
        if (clear) to.account.username = to.account.password = "";
        to.link = [](const delivery::Page&) { return "https://surged.example/a/x"; };
        smtp::SmtpChannel channel{to};
        const auto receipt =
            test::deliver(channel, test::a_page("wang@example.org li@example.org"));
        CAPTURE(receipt.detail);
        CHECK(receipt.outcome == Outcome::accepted);
        CHECK(receipt.detail == "250 2.0.0 queued as 4A7F");
        CHECK(receipt.page == test::a_page().id);
        CHECK(receipt.attempt == 1);
        REQUIRE(server.mails().size() == 1);
        const auto mail = server.mails().front();
        CHECK(mail.from == "surged@example.org");
        CHECK(mail.to == std::vector<std::string>{"wang@example.org", "li@example.org"});
        CHECK(mail.tls == !clear);
        CHECK(mail.password == (clear ? "" : "s3cret"));
        CHECK(header(mail, "Auto-Submitted") == "auto-generated");
        CHECK(server.commands().back() == "QUIT");
    }
}

TEST_CASE("smtp: each step failed in turn, over the wire") {
    const Bench bench;
    test::SmtpServer server{bench.server()};
    auto options = bench.channel(server);
    smtp::SmtpChannel channel{options};
    const auto reply = [](SmtpStep step, const char* bytes, std::size_t nth = 0) {
        return SmtpFault{step, SmtpFault::Kind::reply, bytes, nth};
    };
    const auto close = [](SmtpStep step, std::size_t nth = 0) {
        return SmtpFault{step, SmtpFault::Kind::close, "", nth};
    };
    struct Row {
        const char* name;
        SmtpFault fault;
        Outcome want;
    };
    const Row rows[] = {
        {"greeting 4xx", reply(SmtpStep::greeting, "421 busy\r\n"), Outcome::retry},
        {"greeting 5xx", reply(SmtpStep::greeting, "554 no\r\n"), Outcome::bad_channel},
        {"greeting lost", close(SmtpStep::greeting), Outcome::retry},
        {"an HTTP server", reply(SmtpStep::greeting, "HTTP/1.1 400\r\n"), Outcome::retry},
        {"EHLO lost", close(SmtpStep::ehlo), Outcome::retry},
        {"STARTTLS 4xx", reply(SmtpStep::starttls, "454 no\r\n"), Outcome::retry},
        {"handshake lost", close(SmtpStep::handshake), Outcome::retry},
        {"second EHLO lost", close(SmtpStep::ehlo, 1), Outcome::retry},
        {"AUTH refused", reply(SmtpStep::auth, "535 no\r\n"), Outcome::bad_channel},
        {"AUTH lost", close(SmtpStep::auth), Outcome::retry},
        {"sender 4xx", reply(SmtpStep::mail, "451 later\r\n"), Outcome::retry},
        {"sender lost", close(SmtpStep::mail), Outcome::retry},
        {"recipient 5xx", reply(SmtpStep::rcpt, "550 5.1.1 no\r\n"), Outcome::bad_message},
        {"recipient lost", close(SmtpStep::rcpt), Outcome::retry},
        {"DATA 4xx", reply(SmtpStep::data, "450 later\r\n"), Outcome::retry},
        {"DATA lost", close(SmtpStep::data), Outcome::retry},
        {"message 4xx", reply(SmtpStep::message, "451 later\r\n"), Outcome::retry},
        {"message 5xx", reply(SmtpStep::message, "550 spam\r\n"), Outcome::bad_message},
        {"lost after the dot", close(SmtpStep::message), Outcome::unknown},
    };
    std::size_t connections = 0;
    for (const Row& row : rows) {
        CAPTURE(row.name);
        server.fail(row.fault);
        const auto receipt = test::deliver(channel, test::a_page());
        CAPTURE(receipt.detail);
        CHECK(receipt.outcome == row.want);
        CHECK_FALSE(receipt.detail.empty());
        CHECK(receipt.detail.find("s3cret") == std::string::npos);
        CHECK(server.mails().empty());
        CHECK(server.connections() == ++connections);  // one attempt a call
    }
    CHECK(test::deliver(channel, test::a_page()).outcome == Outcome::accepted);
}

TEST_CASE("smtp: a server that hangs or floods costs the attempt its time, no more") {
    const Bench bench;
    test::SmtpServer server{bench.server()};
    auto options = bench.channel(server);
    options.timeout = 300ms;
    smtp::SmtpChannel channel{options};
    for (const SmtpStep step :
         {SmtpStep::greeting, SmtpStep::handshake, SmtpStep::rcpt, SmtpStep::message}) {
        server.fail({step, SmtpFault::Kind::hang, "", 0});
        const auto receipt = test::deliver(channel, test::a_page());
        CAPTURE(receipt.detail);
        const bool sent = step == SmtpStep::message;
        CHECK(receipt.outcome == (sent ? Outcome::unknown : Outcome::retry));
        CHECK(receipt.detail.find("timed out") != std::string::npos);
    }
    options.timeout = 10s;
    smtp::SmtpChannel patient{options};
    server.fail({SmtpStep::greeting, SmtpFault::Kind::flood, "", 0});
    const auto receipt = test::deliver(patient, test::a_page());
    CHECK(receipt.outcome == Outcome::retry);
    CHECK(receipt.detail == "greeting: the server says more than a reply can hold");
}

TEST_CASE("smtp: certificates are checked, and what came before the handshake is not believed") {
    const Bench bench;
    test::SmtpServer server{bench.server()};
    auto untrusting = bench.channel(server);
    untrusting.ca_file.clear();
    smtp::SmtpChannel stranger{untrusting};
    auto receipt = test::deliver(stranger, test::a_page());
    CHECK(receipt.outcome == Outcome::retry);
    CHECK(receipt.detail.find("self-signed") != std::string::npos);
    auto elsewhere = bench.channel(server);
    elsewhere.host = "127.0.0.1";
    smtp::SmtpChannel other{elsewhere};
    receipt = test::deliver(other, test::a_page());
    CHECK(receipt.outcome == Outcome::retry);
    CHECK(receipt.detail.find("mismatch") != std::string::npos);
    const auto said = server.commands();
    CHECK(std::none_of(said.begin(), said.end(), [](const std::string& line) {
        return line.starts_with("AUTH") || line.starts_with("MAIL");
    }));

    // CVE-2011-0411 and its like: lines slipped in behind the answer to STARTTLS.
    smtp::SmtpChannel channel{bench.channel(server)};
    server.fail(
        {SmtpStep::starttls, SmtpFault::Kind::reply, "220 go\r\n550 injected\r\n550 more\r\n", 0}
    );
    CHECK(test::deliver(channel, test::a_page()).outcome == Outcome::accepted);
    // A server from whose EHLO STARTTLS was stripped gets nothing in clear.
    server.fail({SmtpStep::ehlo, SmtpFault::Kind::reply, "250 fake\r\n", 0});
    CHECK(test::deliver(channel, test::a_page()).outcome == Outcome::bad_channel);
    CHECK(server.mails().size() == 1);
}

TEST_CASE("smtp: a retry carries the same Message-ID, and skips those who have the mail") {
    const Bench bench;
    test::SmtpServer server{bench.server()};
    smtp::SmtpChannel channel{bench.channel(server)};
    auto page = test::a_page("wang@example.org,li@example.org,zhao@example.org");
    server.fail({SmtpStep::rcpt, SmtpFault::Kind::reply, "450 4.2.1 later\r\n", 1});
    CHECK(test::deliver(channel, page).outcome == Outcome::retry);
    page.attempts = 2;
    CHECK(test::deliver(channel, page).outcome == Outcome::accepted);
    const auto mails = server.mails();
    REQUIRE(mails.size() == 2);
    CHECK(mails[0].to == std::vector<std::string>{"wang@example.org", "zhao@example.org"});
    CHECK(mails[1].to == std::vector<std::string>{"li@example.org"});
    CHECK(mails[0].message == mails[1].message);
    CHECK(header(mails[0], "Message-ID") == "<inc-P06-hz-20261123-2.1.0.0.wang.mail@example.org>");
}

TEST_CASE("smtp: the root of a thread is asked of whoever knows it") {
    const Bench bench;
    const test::SmtpServer server{bench.server()};
    auto options = bench.channel(server);
    options.root = [](const delivery::Page&) { return "first"; };
    smtp::SmtpChannel channel{options};
    CHECK(test::deliver(channel, test::a_page()).outcome == Outcome::accepted);
    CHECK(header(server.mails().front(), "In-Reply-To") == "<inc-first@example.org>");
}

TEST_CASE("smtp: nobody there, no address, a wrong address") {
    const Bench bench;
    smtp::SmtpOptions options;
    {
        const test::SmtpServer gone{bench.server()};
        options = bench.channel(gone);
    }
    smtp::SmtpChannel channel{options};
    CHECK(test::deliver(channel, test::a_page()).outcome == Outcome::retry);
    CHECK(test::deliver(channel, test::a_page("")).outcome == Outcome::bad_message);
    CHECK(test::deliver(channel, test::a_page("138 0000 0000")).outcome == Outcome::bad_message);
    options.ca_file = "/nowhere/ca.pem";
    const test::SmtpServer server{bench.server()};
    options.port = server.port();
    smtp::SmtpChannel blind{options};
    const auto receipt = test::deliver(blind, test::a_page());
    CHECK(receipt.outcome == Outcome::retry);
    CHECK(receipt.detail.find("certificates to trust") != std::string::npos);
}
