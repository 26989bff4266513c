// Rows of the journal: sealed records, inputs, pages, rules and whole images. What can be read is
// written again to the same bytes; what cannot is refused, with words.
#include "base/codec.hpp"
#include "core/engine/engine.hpp"
#include "fuzz/fuzz.hpp"
#include "store/envelope.hpp"
#include "support/rules_builder.hpp"

using namespace surged;

namespace {

const plan::Rules& rules() {
    static const plan::Rules made = std::make_shared<const plan::RuleSet>(test::small_center());
    return made;
}

void input(std::string_view bytes, std::uint16_t version) {
    const auto read = codec::decode<engine::Input>(bytes, version);
    if (!read) return;
    const std::string written = codec::encode(*read);
    const auto again = codec::decode<engine::Input>(written);
    fuzz::require(again && codec::encode(*again) == written, "an input that does not read back");
}

void image(std::string_view bytes) {
    auto engine = engine::Engine::restore(bytes, [](const std::string&) { return rules(); });
    if (!engine) {
        fuzz::require(!engine.error().what.empty(), "a bad image without a reason");
        return;
    }
    const std::string written = engine->snapshot();
    auto again = engine::Engine::restore(written, [](const std::string&) { return rules(); });
    fuzz::require(again.has_value(), "an image that does not read back");
    fuzz::require(again->snapshot() == written, "an image that reads back to another");
}

void sealed(std::string_view bytes) {
    store::Unsealer unsealer{bytes};
    std::string again;
    while (const auto record = unsealer.next()) store::seal(again, *record);
    fuzz::require(bytes.substr(0, again.size()) == again, "records that are sealed to other bytes");
    fuzz::require(
        again.size() == bytes.size() || !unsealer.fault().empty(), "bytes were left without a word"
    );
}

// Seals what the fuzzer made, for else no checksum would ever fit.
void resealed(fuzz::Choices choices) {
    store::Envelope envelope;
    constexpr std::array kinds{
        store::Kind::input, store::Kind::page, store::Kind::rules, store::Kind::image
    };
    envelope.kind = kinds.at(choices.below(kinds.size()));
    envelope.seq = choices.below(1000);
    envelope.payload = choices.rest();
    std::string bytes;
    store::seal(bytes, envelope);
    store::Unsealer unsealer{bytes};
    const auto back = unsealer.next();
    fuzz::require(
        back && back->seq == envelope.seq && back->payload == envelope.payload,
        "a record that does not read back"
    );
    if (const auto page = store::decode_page(back->payload)) {
        const auto again = store::decode_page(store::encode_page(*page));
        fuzz::require(
            again && again->page == page->page && again->bytes == page->bytes,
            "a page record that does not read back"
        );
        fuzz::canary(page->attempt > 1 && !page->page.empty());
    }
    if (const auto set = store::decode_rules(back->payload)) {
        const auto again = store::decode_rules(store::encode_rules(*set));
        fuzz::require(
            again && again->hash == set->hash && again->sources == set->sources,
            "a record of rules that does not read back"
        );
    }
}

}  // namespace

void surged::fuzz::run(std::string_view bytes) {
    fuzz::Choices choices{bytes};
    switch (choices.byte()) {
        case 'I': {
            const auto version = static_cast<std::uint16_t>(1 + choices.below(3));
            input(choices.rest(), version);
            break;
        }
        case 'S':
            image(choices.rest());
            break;
        case 'R':
            resealed(choices);
            break;
        default:
            sealed(bytes);
    }
}
