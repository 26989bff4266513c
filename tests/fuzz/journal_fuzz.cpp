// Rows of the journal: sealed records, inputs, pages, rules, whole images and packs of commits.
// What can be read is written again to the same bytes; what cannot is refused, with words.
#include "base/codec.hpp"
#include "core/engine/engine.hpp"
#include "fuzz/fuzz.hpp"
#include "store/envelope.hpp"
#include "store/pack.hpp"
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

/// Of what cannot be trusted: it is read to its end, or refused with words.
void unpacked(std::string_view payload) {
    std::string bytes;
    store::Envelope envelope;
    envelope.kind = store::Kind::pack;
    envelope.payload = payload;
    store::seal(bytes, envelope);
    std::size_t size = 0;
    (void)store::unpack(
        bytes,
        [&](const store::StoredCommit& commit) {
            size += commit.records.size();
            return true;
        },
        std::size_t{1} << 16
    );
    fuzz::require(size < std::size_t{1} << 22, "a small pack that is read without end");
}

/// Commits of whatever the fuzzer made come back as they were.
void packed(fuzz::Choices choices) {
    std::vector<std::string> texts;
    std::vector<store::StoredCommit> commits;
    const std::uint64_t count = 1 + choices.below(8);
    for (std::uint64_t i = 0; i < count; ++i) {
        store::StoredCommit commit;
        commit.first_seq = choices.below(3) == 0 ? 0 : choices.below(1000);
        commit.last_seq = choices.below(1000);
        commit.instant = Instant{Micros{static_cast<std::int64_t>(choices.below(1 << 20))}};
        commit.effect_hash = choices.below(1 << 20);
        commits.push_back(commit);
    }
    const std::string_view rest = choices.rest();
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string_view piece = rest.substr(rest.size() * i / count, rest.size() / count);
        std::string& text = texts.emplace_back();
        if (i % 3 == 2) {
            text = piece;  // no record at all
        } else {
            const auto kind = i % 3 == 0 ? store::Kind::input : store::Kind::page;
            const auto& commit = commits[i];
            const store::Envelope envelope{
                .kind = kind, .seq = commit.last_seq, .instant = commit.instant, .payload = piece
            };
            store::seal(text, envelope);
        }
    }
    for (std::uint64_t i = 0; i < count; ++i) commits[i].records = texts[i];
    auto next = commits.begin();
    const std::string fault = store::unpack(store::pack(commits, 1), [&](const auto& commit) {
        const bool same = next != commits.end() && commit == *next;
        if (same) ++next;
        return same;
    });
    fuzz::require(fault.empty() && next == commits.end(), "a pack that does not read back");
}

void run(std::string_view bytes) {
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
        case 'C':
            unpacked(choices.rest());
            break;
        case 'P':
            packed(choices);
            break;
        default:
            sealed(bytes);
    }
}

const fuzz::Target target{run};

}  // namespace
