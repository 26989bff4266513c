#include "app/store_view.hpp"

#include "base/codec.hpp"
#include "store/housekeeping.hpp"
#include "store/worker.hpp"
#include "support/engine_driver.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <future>
#include <memory>

using namespace surged;

namespace {

/// Journals every input that a driver has made, with the live engine's running hash.
class Recorder {
public:
    explicit Recorder(const store::Options& where) {
        auto opened = store::SqliteJournal::open(where);
        REQUIRE(opened.has_value());
        journal_ = std::move(*opened);
    }
    void commit(const test::EngineDriver& driver, std::uint64_t effect_hash) {
        store::Commit commit;
        for (; taken_ < driver.inputs.size(); ++taken_) {
            const engine::Input& input = driver.inputs[taken_];
            commit.inputs.push_back({input.seq, input.instant, codec::encode(input)});
            commit.last_seq = input.seq;
            if (const auto* loaded = std::get_if<engine::RulesLoaded>(&input.body))
                commit.rules.push_back({loaded->hash, codec::encode(*loaded->rules), {}});
        }
        commit.effect_hash = effect_hash;
        std::promise<store::Committed> done;
        journal_->append(std::move(commit), [&](store::Committed c) {
            done.set_value(std::move(c));
        });
        const store::Committed committed = done.get_future().get();
        CHECK_MESSAGE(committed.durable, committed.error);
    }

private:
    std::unique_ptr<store::SqliteJournal> journal_;
    std::size_t taken_{0};
};

}  // namespace

TEST_CASE("snapshot: effect hash equals the live one, and a planted difference is noticed") {
    const test::TempFolder folder;
    store::Options where;
    where.path = folder.path();
    Recorder recorder{where};
    test::EngineDriver live;
    live.load(test::small_center());
    live.source_up();
    live.join(5);
    recorder.commit(live, live.engine.effect_hash());
    auto keeping = store::Housekeeping::open(where, {});
    REQUIRE(keeping.has_value());

    const auto first = keeping->make_image(app::make_image);
    REQUIRE(first.has_value());
    CHECK_FALSE(first->difference.has_value());
    CHECK(first->seq == live.inputs.back().seq);

    // From the image and the tail: the same engine as the live one.
    live.join(3);
    live.advance(70s);
    recorder.commit(live, live.engine.effect_hash());
    auto reader = store::JournalReader::open(where);
    REQUIRE(reader.has_value());
    const auto view = app::view_of(std::make_shared<store::JournalReader>(std::move(*reader)));
    const auto tail = app::recover(view);
    REQUIRE(tail.has_value());
    CHECK(tail->replayed == live.inputs.size() - first->seq);
    CHECK(tail->engine.snapshot() == live.engine.snapshot());
    CHECK(tail->effect_hash == live.engine.effect_hash());

    // A live engine that came to other effects than its journal gives.
    live.join(1);
    recorder.commit(live, live.engine.effect_hash() + 1);
    const auto planted = keeping->make_image(app::make_image);
    REQUIRE(planted.has_value());
    REQUIRE(planted->difference.has_value());
    CHECK(planted->difference->replayed == live.engine.effect_hash());
    const auto again = store::JournalReader::open(where);
    REQUIRE(again.has_value());
    const auto newest = again->newest_image();
    REQUIRE((newest.has_value() && newest->image.has_value()));
    CHECK(newest->image->seq == first->seq);  // no snapshot was kept of it
}
