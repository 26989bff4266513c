#include "io/channel/command/encode.hpp"
#include "io/channel/command/send.hpp"
#include "support/deliver.hpp"
#include "support/surge_page.hpp"
#include "support/temp_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <semaphore>
#include <thread>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;

namespace {

using Protocol = boost::asio::local::stream_protocol;

/// Takes one connection and hands it to `talk`, on a thread of its own.
class Helper {
public:
    Helper(const std::string& path, std::function<void(Protocol::socket&)> talk)
        : acceptor_{loop_, Protocol::endpoint{path}}, thread_{[this, talk = std::move(talk)] {
              Protocol::socket socket{loop_};
              acceptor_.accept(socket);
              talk(socket);
          }} {}
    ~Helper() { thread_.join(); }

private:
    boost::asio::io_context loop_;
    Protocol::acceptor acceptor_;
    std::thread thread_;
};

std::string read_all(Protocol::socket& socket) {
    std::string out;
    boost::system::error_code ec;
    boost::asio::read(socket, boost::asio::dynamic_buffer(out), ec);
    return out;
}

void say(Protocol::socket& socket, const std::string& text) {
    boost::system::error_code ec;
    boost::asio::write(socket, boost::asio::buffer(text), ec);
}

}  // namespace

TEST_CASE("command: outcome of what the helper tells") {
    const std::string started = command::encode_started();
    command::Ended killed;
    killed.timed_out = true;
    killed.signal = 15;
    command::Ended missing;
    missing.error = "cannot run /x: No such file or directory";
    const auto exit = [&](int code, std::string output = {}) {
        command::Ended ended;
        ended.exit = code;
        ended.output = std::move(output);
        return started + command::encode_ended(ended);
    };
    command::Ended crashed;
    crashed.signal = 11;
    struct Row {
        const char* name;
        std::string said, lost;
        Outcome want;
        const char* detail;
    };
    const Row rows[] = {
        {"exit 0", exit(0), "", Outcome::accepted, "exit 0"},
        {"exit 0, and words", exit(0, "sent\nid 7"), "", Outcome::accepted, "exit 0: sent id 7"},
        {"exit 75", exit(75, "busy"), "", Outcome::retry, "exit 75: busy"},
        {"exit 1", exit(1), "", Outcome::bad_message, "exit 1"},
        {"a crash", started + command::encode_ended(crashed), "", Outcome::bad_message, "signal 11"
        },
        {"too long", started + command::encode_ended(killed), "", Outcome::unknown, "killed"},
        {"no program", started + command::encode_ended(missing), "", Outcome::bad_channel, "No such"
        },
        {"gone meanwhile", started, "", Outcome::unknown, "not known"},
        {"late", started, "timed out", Outcome::unknown, "timed out"},
        {"half an answer", started + "{\"exit\":0", "", Outcome::unknown, "not known"},
        {"not begun", "", "", Outcome::retry, "not started"},
        {"nobody there", "", "connection refused", Outcome::retry, "refused"},
        {"not the helper", "HTTP/1.1 400\r\n", "", Outcome::retry, "not started"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto receipt = command::judge(row.said, row.lost);
        CAPTURE(receipt.detail);
        CHECK(receipt.outcome == row.want);
        CHECK(receipt.detail.find(row.detail) != std::string::npos);
    }
}

TEST_CASE("command: a page goes out as one JSON object and its end comes back") {
    const test::TempFolder folder;
    const std::string path = folder.path() + "/helper.sock";
    auto page = test::a_page("8001");
    page.possible_repeat = true;
    page.content.text += "\"\n\\ \xff";
    std::string got;
    engine::Receipt receipt;
    {
        const Helper helper{path, [&](Protocol::socket& socket) {
                                got = read_all(socket);
                                command::Ended ended;
                                ended.exit = 0;
                                say(socket, command::encode_started());
                                say(socket, command::encode_ended(ended));
                            }};
        command::CommandOptions options;
        options.socket = path;
        options.link = [](const delivery::Page&) { return "https://surged.example/a/x"; };
        command::CommandChannel channel{options};
        receipt = test::deliver(channel, page);
    }
    CHECK(receipt.outcome == Outcome::accepted);
    CHECK(receipt.page == page.id);
    const auto sent = boost::json::parse(got).as_object();
    CHECK(sent.at("page").as_string() == page.id);
    CHECK(sent.at("to") == "8001");
    CHECK(sent.at("level") == "II");
    CHECK(sent.at("language") == "zh-CN");
    CHECK(sent.at("possible_repeat").as_bool());
    CHECK(sent.at("ack_url") == "https://surged.example/a/x");
    CHECK(sent.at("text").as_string().starts_with("【可能重复】【Ⅱ级】"));
}

TEST_CASE("command: nobody there, refused at once, silent, endless") {
    const test::TempFolder folder;
    command::CommandOptions options;
    options.socket = folder.path() + "/nobody.sock";
    options.timeout = 300ms;
    command::CommandChannel nobody{options};
    CHECK(test::deliver(nobody, test::a_page()).outcome == Outcome::retry);

    std::counting_semaphore<8> over{0};  // the attempt is
    struct Row {
        const char* name;
        std::function<void(Protocol::socket&)> talk;
        Outcome want;
    };
    const Row rows[] = {
        {"refused at once",    [](Protocol::socket& socket) { socket.close(); }, Outcome::retry  },
        {"silent",
         [&](Protocol::socket& socket) {
             (void)read_all(socket);
             over.acquire();
         },                                                                      Outcome::retry  },
        {"begun, then silent",
         [&](Protocol::socket& socket) {
             (void)read_all(socket);
             say(socket, command::encode_started());
             over.acquire();
         },                                                                      Outcome::unknown},
        {"endless",
         [](Protocol::socket& socket) {
             boost::system::error_code ec;
             const std::string line(4096, 'x');
             while (!ec) boost::asio::write(socket, boost::asio::buffer(line), ec);
         },                                                                      Outcome::retry  },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        options.socket = folder.path() + "/" + row.name[0] + ".sock";
        const Helper helper{options.socket, row.talk};
        command::CommandChannel channel{options};
        CHECK(test::deliver(channel, test::a_page()).outcome == row.want);
        over.release();
    }
}
