// Lines of Asterisk's queue_log into events, and where a reader stands in it.
#include "fuzz/fuzz.hpp"
#include "io/source/queue_log/cursor.hpp"
#include "io/source/queue_log/decode.hpp"

using namespace surged;

namespace {

void run(std::string_view bytes) {
    if (const auto cursor = io::queue_log::Cursor::parse(bytes)) {
        const auto again = io::queue_log::Cursor::parse(cursor->text());
        fuzz::require(again && *again == *cursor, "a cursor that does not read what it wrote");
    }
    io::queue_log::DecoderOptions options;
    options.members = {
        {"Alice", "PJSIP/101"}
    };
    options.caller_hash = fuzz::caller_hash;
    io::queue_log::Decoder decoder{std::move(options)};
    fuzz::FloorSink sink;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        acd::Batch batch;
        acd::Batch words;
        decoder.decode(bytes.substr(at, end - at), batch, &words);
        fuzz::require(words.well_formed(), "words that cannot be read");
        if (!batch.empty()) sink.events(std::move(batch));
        at = end + 1;
    }
    sink.settle();
    fuzz::canary(sink.saw_odd_queue());
}

const fuzz::Target target{run};

}  // namespace
