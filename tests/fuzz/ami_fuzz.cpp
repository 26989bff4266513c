// Asterisk's manager: a whole conversation, and frames into the decoder past the login. What is
// told must not depend on how the network cut the stream.
#include "fuzz/fuzz.hpp"
#include "io/source/ami/decode.hpp"
#include "io/source/ami/frame.hpp"
#include "io/source/ami/session.hpp"

using namespace surged;

namespace {

std::string decoded(fuzz::Choices choices, std::size_t cut, fuzz::FloorSink& sink) {
    io::ami::Framer framer;
    io::ami::Decoder decoder{fuzz::caller_hash};
    decoder.expect_snapshot("s");
    while (!choices.empty()) {
        const std::string_view piece = cut == 0 ? choices.rest() : choices.rest().substr(0, cut);
        if (cut == 0) {
            framer.push(choices.rest());
            choices = fuzz::Choices{{}};
        } else {
            framer.push(piece);
            choices = fuzz::Choices{choices.rest().substr(piece.size())};
        }
        acd::Batch batch;
        for (;;) {
            const io::ami::Found found = framer.next();
            if (found == io::ami::Found::nothing) break;
            if (found == io::ami::Found::frame) {
                const auto said = decoder.decode(framer.frame(), batch);
                fuzz::require(
                    said.meaning != io::ami::Meaning::bad || !said.reason.empty(),
                    "a bad frame without a reason"
                );
            }
        }
        if (!batch.empty()) sink.events(std::move(batch));
    }
    return sink.told();
}

void conversation(fuzz::Choices choices) {
    io::ami::SessionOptions options;
    options.username = "surged";
    options.secret = "s3cret";
    fuzz::FloorSink sink;
    io::Steady now{};
    io::ami::Session session{options, sink, fuzz::caller_hash, now};
    while (!choices.empty() && !session.ended()) {
        session.received(choices.piece(2000), now);
        now += Micros{1000} * choices.below(20'000);
        if (!session.ended() && now >= session.deadline()) session.passed(now);
        static_cast<void>(session.take_output());
        static_cast<void>(session.detail());
    }
    sink.settle();
}

void run(std::string_view bytes) {
    fuzz::Choices choices{bytes};
    const std::size_t cut = choices.byte();
    if (cut == 'S') {
        conversation(choices);
        return;
    }
    fuzz::FloorSink whole;
    fuzz::FloorSink pieces;
    fuzz::require(
        decoded(choices, 0, whole) == decoded(choices, 1 + cut % 64, pieces),
        "what is told depends on how the stream was cut"
    );
    whole.settle();
    fuzz::canary(whole.saw_odd_queue());
}

const fuzz::Target target{run};

}  // namespace
