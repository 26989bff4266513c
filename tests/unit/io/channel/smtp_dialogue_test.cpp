#include "io/channel/smtp/dialogue.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io::smtp;
using delivery::Outcome;

namespace {

Account account(Security security = Security::starttls) {
    Account out;
    out.security = security;
    out.helo = "me";
    out.username = "wang";
    out.password = "s3cret";
    return out;
}

Envelope envelope(std::vector<std::string> to = {"a@x.org"}) {
    return {"s@x.org", std::move(to), "Subject: x\r\n\r\n.y\r\n"};
}

/// Plays a server's lines and gives back what the client said, "|" between; TLS as <tls>.
std::string play(Dialogue& dialogue, std::vector<std::string> lines) {
    std::string said;
    Action action = dialogue.begin();
    std::size_t next = 0;
    while (true) {
        if (action.kind == Action::Kind::secure) {
            said += "<tls>|";
            action = dialogue.secured();
            continue;
        }
        said += action.bytes + "|";
        if (action.kind == Action::Kind::end) return said;
        if (next == lines.size()) {
            dialogue.lost("gone");
            return said;
        }
        std::string line = lines[next++] + "\r\n";
        auto reply = take_reply(line);
        REQUIRE((reply && *reply));
        action = dialogue.replied(**reply);
    }
}

const std::vector<std::string> smooth{
    "220 hi",
    "250-x\r\n250 STARTTLS",
    "220 go",
    "250-x\r\n250 AUTH LOGIN PLAIN",
    "235 ok",
    "250 ok",
    "250 ok",
    "354 go",
    "250 queued",
};

}  // namespace

TEST_CASE("smtp: a session from greeting to QUIT") {
    Dialogue dialogue{account(), envelope()};
    CHECK(
        play(dialogue, smooth) ==
        "|EHLO me\r\n|STARTTLS\r\n|<tls>|EHLO me\r\n|AUTH PLAIN AHdhbmcAczNjcmV0\r\n|"
        "MAIL FROM:<s@x.org>\r\n|RCPT TO:<a@x.org>\r\n|DATA\r\n|"
        "Subject: x\r\n\r\n..y\r\n.\r\n|QUIT\r\n|"
    );
    CHECK(dialogue.outcome().outcome == Outcome::accepted);
    CHECK(dialogue.outcome().detail == "250 queued");
    CHECK(dialogue.delivered() == std::vector<std::string>{"a@x.org"});
}

TEST_CASE("smtp: AUTH LOGIN, where PLAIN is not offered; implicit TLS; no TLS at all") {
    Dialogue login{account(Security::implicit), envelope()};
    CHECK(play(
              login,
              {"220 hi",
               "250-x\r\n250-STARTTLS\r\n250 AUTH=LOGIN",
               "334 VXNlcm5hbWU6",
               "334 UGFzc3dvcmQ6",
               "235 ok"}
    )
              .starts_with("<tls>||EHLO me\r\n|AUTH LOGIN\r\n|d2FuZw==\r\n|czNjcmV0\r\n|MAIL"));
    Account bare = account(Security::none);
    bare.username.clear();
    Dialogue open{bare, envelope()};
    CHECK(play(open, {"220 hi", "250 STARTTLS"}) == "|EHLO me\r\n|MAIL FROM:<s@x.org>\r\n|");
    Dialogue careless{account(Security::none), envelope()};
    CHECK(play(careless, {"220 hi", "250 AUTH PLAIN"}) == "|EHLO me\r\n|QUIT\r\n|");
    CHECK(careless.outcome().outcome == Outcome::bad_channel);
}

TEST_CASE("smtp: each step refused, for now and for good, and lost") {
    struct Row {
        const char* name;
        std::size_t step;  // of `smooth`
        Outcome permanent, lost;
    };
    const Row rows[] = {
        {"greeting",   0, Outcome::bad_channel, Outcome::retry  },
        {"EHLO",       1, Outcome::bad_channel, Outcome::retry  },
        {"STARTTLS",   2, Outcome::bad_channel, Outcome::retry  },
        {"EHLO again", 3, Outcome::bad_channel, Outcome::retry  },
        {"AUTH",       4, Outcome::bad_channel, Outcome::retry  },
        {"MAIL FROM",  5, Outcome::bad_channel, Outcome::retry  },
        {"RCPT TO",    6, Outcome::bad_message, Outcome::retry  },
        {"DATA",       7, Outcome::bad_message, Outcome::retry  },
        {"the dot",    8, Outcome::bad_message, Outcome::unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto outcome_with = [&](const char* reply) {
            auto lines = smooth;
            lines.resize(row.step);
            if (*reply != '\0') lines.emplace_back(reply);
            Dialogue dialogue{account(), envelope()};
            (void)play(dialogue, lines);
            CHECK_FALSE(dialogue.outcome().detail.empty());
            CHECK(dialogue.delivered().empty());
            return dialogue.outcome().outcome;
        };
        CHECK(outcome_with("451 4.3.0 later") == Outcome::retry);
        CHECK(outcome_with("421 4.3.2 going down") == Outcome::retry);
        CHECK(outcome_with("550 5.1.1 no") == row.permanent);
        CHECK(outcome_with("") == row.lost);
    }
}

TEST_CASE("smtp: what a server lacks, and refusals that are about us") {
    struct Row {
        const char* name;
        std::vector<std::string> lines;
        Outcome want;
        const char* said;
    };
    const Row rows[] = {
        {"no STARTTLS",     {"220 hi", "250 SIZE 1"},                                     Outcome::bad_channel, "no STARTTLS"},
        {"no AUTH of ours",
         {"220 hi", "250 STARTTLS", "220 go", "250 AUTH CRAM-MD5"},
         Outcome::bad_channel,
         "neither"                                                                                                           },
        {"relay denied",
         {"220 hi",
          "250 STARTTLS",
          "220 go",
          "250 AUTH PLAIN",
          "235 ok",
          "250 ok",
          "550 5.7.1 relaying denied"},
         Outcome::bad_channel,
         "relaying"                                                                                                          },
        {"too long a mail",
         {"220 hi", "250 STARTTLS", "220 go", "250 AUTH PLAIN", "235 ok", "552 too big"},
         Outcome::bad_message,
         "too big"                                                                                                           },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Dialogue dialogue{account(), envelope()};
        const std::string said = play(dialogue, row.lines);
        CHECK(dialogue.outcome().outcome == row.want);
        CHECK(dialogue.outcome().detail.find(row.said) != std::string::npos);
        CHECK(said.ends_with("QUIT\r\n|"));
    }
    Dialogue foreign{account(), envelope({"王@x.org"})};
    (void)play(foreign, smooth);
    CHECK(foreign.outcome().outcome == Outcome::bad_message);
    auto lines = smooth;
    lines[3] = "250-SMTPUTF8\r\n250 AUTH PLAIN";
    Dialogue able{account(), envelope({"王@x.org"})};
    CHECK(play(able, lines).find("MAIL FROM:<s@x.org> SMTPUTF8\r\n") != std::string::npos);
}

TEST_CASE("smtp: an outcome per recipient") {
    struct Row {
        const char* name;
        std::vector<std::string> rcpt;
        Outcome want;
        std::vector<std::string> delivered;
    };
    const Row rows[] = {
        {"all",             {"250 ok", "251 ok"},                Outcome::accepted,    {"a@x", "b@x"}},
        {"one for good",    {"550 5.1.1 no", "250 ok"},          Outcome::accepted,    {"b@x"}       },
        {"one for now",     {"250 ok", "450 4.2.1 full"},        Outcome::retry,       {"a@x"}       },
        {"none, for good",  {"550 5.1.1 no", "553 5.1.3 no"},    Outcome::bad_message, {}            },
        {"none, one later", {"550 5.1.1 no", "450 4.2.1 full"},  Outcome::retry,       {}            },
        {"none, by policy", {"550 5.7.1 spam", "550 5.1.1 who"}, Outcome::bad_channel, {}            },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        auto lines = smooth;
        lines.resize(6);
        lines.insert(lines.end(), row.rcpt.begin(), row.rcpt.end());
        lines.insert(lines.end(), {"354 go", "250 queued"});
        Dialogue dialogue{account(), envelope({"a@x", "b@x"})};
        (void)play(dialogue, lines);
        CHECK(dialogue.outcome().outcome == row.want);
        CHECK(dialogue.delivered() == row.delivered);
    }
}

TEST_CASE("smtp: a server that quotes the password is not quoted") {
    for (const char* quoted : {"s3cret", "czNjcmV0", "AHdhbmcAczNjcmV0"}) {
        auto lines = smooth;
        lines.resize(4);
        lines.push_back(std::string{"535 5.7.8 wrong: "} + quoted + " again " + quoted);
        Dialogue dialogue{account(), envelope()};
        (void)play(dialogue, lines);
        CHECK(dialogue.outcome().detail == "AUTH: 535 5.7.8 wrong: *** again ***");
    }
}

TEST_CASE("smtp: replies, whole, in pieces, and such as are none") {
    std::string pending = "250-one\r\n250 two\r\n220 next";
    auto reply = take_reply(pending);
    REQUIRE((reply && *reply));
    CHECK((*reply)->code == 250);
    CHECK((*reply)->lines == std::vector<std::string>{"one", "two"});
    CHECK((*reply)->text() == "250 one two");
    CHECK(pending == "220 next");
    CHECK(*take_reply(pending) == std::nullopt);
    pending += "\n";
    CHECK((*take_reply(pending))->code == 220);
    pending = "354\r\n";
    CHECK((*take_reply(pending))->code == 354);
    const std::string flood = [] {
        std::string out;
        while (out.size() < 20'000) out += "250-more\r\n";
        return out;
    }();
    for (const std::string& wrong :
         {std::string{"HTTP/1.1 400 Bad\r\n"},
          std::string{"25\r\n"},
          std::string{"250-a\r\n251 b\r\n"},
          std::string{"250_a\r\n"},
          flood,
          std::string(20'000, 'x')}) {
        std::string bytes = wrong;
        CHECK_FALSE(take_reply(bytes).has_value());
    }
}
