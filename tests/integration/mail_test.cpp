// Mail from the real daemon to a real mail server, read back by another MIME reader.
#include "support/page_sink.hpp"
#include "support/peer_process.hpp"
#include "support/site.hpp"
#include "support/surge_events.hpp"
#include "support/tls_identity.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <thread>

using namespace surged;
using namespace std::chrono_literals;

namespace {

/// aiosmtpd that wants STARTTLS and a login, and keeps what it gets in a folder.
constexpr const char* sink_py = R"(
import asyncio, ssl, sys
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, AuthResult
port, cert, key, box, user, password = sys.argv[1:7]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(cert, key)
def check(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (user.encode(), password.encode())
    return AuthResult(success=good)
def make():
    return SMTP(Mailbox(box), tls_context=context, require_starttls=True, auth_required=True,
                authenticator=check, hostname="sink")
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.run_until_complete(loop.create_server(make, host="127.0.0.1", port=int(port)))
loop.run_forever()
)";

constexpr const char* read_py = R"(
import email, email.policy, json, mailbox, sys
out = []
for m in mailbox.Maildir(sys.argv[1]):
    p = email.message_from_bytes(m.as_bytes(), policy=email.policy.default)
    out.append({"to": p["To"], "subject": p["Subject"], "id": p["Message-ID"],
                "reply": p["In-Reply-To"] or "", "defects": len(p.defects),
                "text": p.get_body(("plain",)).get_content(),
                "html": p.get_body(("html",)).get_content()})
out.sort(key=lambda m: m["to"])
json.dump(out, sys.stdout)
)";

boost::json::array mails_in(const std::string& box) {
    const auto ran = test::run_program({"/usr/bin/python3", "-c", read_py, box}, "");
    boost::json::error_code ec;
    auto parsed = boost::json::parse(ran.output, ec);
    return !ec && parsed.is_array() ? parsed.as_array() : boost::json::array{};
}

}  // namespace

TEST_CASE("mail: a surge reaches two mailboxes of a real server, as one thread") {
    const test::TempFolder folder;
    const test::TlsIdentity identity{folder.path(), "localhost"};
    std::ofstream{folder.path() + "/password"} << "s3cret-pass\n";
    const auto port = test::free_port();
    const std::string box = folder.path() + "/box";
    test::PeerProcess sink{
        {"/usr/bin/python3",
         "-c", sink_py,
         std::to_string(port),
         identity.certificate,
         identity.key,
         box, "surged",
         "s3cret-pass"},
        folder.path() + "/sink.log"
    };
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:1/";
    options.hook_secret = test::PageSink::default_secret();
    options.channels = fmt::format(
        "  mail: {{type: smtp, host: localhost, port: {}, username: surged, password_file: "
        "{}/password, ca_file: {}, from: \"值班告警 <surged@example.org>\"}}\n",
        port,
        folder.path(),
        identity.certificate
    );
    options.roster =
        "people:\n"
        "  wang: {name: 王, language: zh-CN, contact: [{channel: mail, to: a@example.org}, "
        "{channel: mail, to: b@example.org, after: 1s}]}\n"
        "teams:\n  duty: {escalation: [{page: [wang], wait: 5m}], last_resort: wang}\n";
    test::Site site{options};
    site.start();
    REQUIRE(site.post("/api/v1/events", test::offered_now(6)).status == 200);
    boost::json::array mails;
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (mails.size() < 2 && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(100ms);
        mails = mails_in(box);
    }
    CAPTURE(site.log());
    REQUIRE(mails.size() == 2);
    const auto text = [&](std::size_t i, const char* name) {
        return std::string{mails[i].as_object().at(name).as_string()};
    };
    CHECK(text(0, "to") == "a@example.org");
    CHECK(text(1, "to") == "b@example.org");
    CHECK(text(0, "reply").empty());
    CHECK(text(1, "reply") == text(0, "id"));
    CHECK(text(0, "subject") == text(1, "subject"));
    for (const char* part : {"text", "html"})
        CHECK(text(0, part).find("sales") != std::string::npos);
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(mails[i].as_object().at("defects").to_number<int>() == 0);
    CHECK(site.log().find("s3cret-pass") == std::string::npos);
    site.stop(SIGTERM);
}
