// FreeSWITCH's event socket: a whole conversation, the tables, and single events plain and as JSON.
#include "fuzz/fuzz.hpp"
#include "io/source/esl/picture.hpp"
#include "io/source/esl/session.hpp"
#include "io/source/esl/table.hpp"

using namespace surged;

namespace {

void conversation(fuzz::Choices choices, io::esl::Format format) {
    io::esl::SessionOptions options;
    options.secret = "s3cret";
    options.format = format;
    fuzz::FloorSink sink;
    io::esl::Picture picture{fuzz::caller_hash};
    io::Steady now{};
    io::esl::Session session{options, sink, picture, now};
    while (!choices.empty() && !session.ended()) {
        session.received(choices.piece(2000), now);
        now += Micros{1000} * choices.below(20'000);
        if (!session.ended() && now >= session.deadline()) session.passed(now);
        static_cast<void>(session.take_output());
        static_cast<void>(session.detail());
    }
    sink.settle();
}

// The frames of a connection into the picture, whatever was asked.
void frames(std::string_view bytes, std::size_t cut, fuzz::FloorSink& sink) {
    io::esl::Framer framer;
    io::esl::Picture picture{fuzz::caller_hash};
    picture.connected();
    acd::Batch batch;
    for (std::size_t at = 0; at < bytes.size(); at += cut) {
        framer.push(bytes.substr(at, cut));
        for (auto found = framer.next(); found != io::esl::Found::nothing; found = framer.next()) {
            if (found == io::esl::Found::bad) continue;
            io::esl::Event event;
            const std::string_view body = framer.frame().body();
            const bool good = framer.frame().content_type() == "text/event-json"
                                  ? event.read_json(body)
                                  : event.read_plain(body);
            if (good) picture.apply(event, batch);
        }
    }
    if (!batch.empty()) sink.events(std::move(batch));
}

void run(std::string_view bytes) {
    fuzz::Choices choices{bytes};
    const std::uint8_t mode = choices.byte();
    if (mode == 'P' || mode == 'J') {
        conversation(choices, mode == 'P' ? io::esl::Format::plain : io::esl::Format::json);
        return;
    }
    fuzz::FloorSink whole;
    fuzz::FloorSink pieces;
    frames(choices.rest(), std::max<std::size_t>(1, choices.rest().size()), whole);
    frames(choices.rest(), std::size_t{1} + mode % 64, pieces);
    fuzz::require(whole.told() == pieces.told(), "what is told depends on how the stream was cut");
    whole.settle();
    fuzz::canary(whole.saw_odd_queue());
}

const fuzz::Target target{run};

}  // namespace
