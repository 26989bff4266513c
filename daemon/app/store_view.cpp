#include "app/store_view.hpp"

#include "base/codec.hpp"

#include <fmt/format.h>
#include <utility>

namespace surged::app {

JournalView view_of(
    std::shared_ptr<const store::JournalReader> reader, std::shared_ptr<Found> found
) {
    JournalView view;
    view.newest_image = [reader, found]() -> Result<std::optional<store::Image>> {
        auto newest = reader->newest_image();
        if (!newest) return tl::make_unexpected(newest.error());
        if (found) {
            for (const std::string& text : newest->damaged) found->damaged_images += text + "; ";
        }
        return std::move(newest->image);
    };
    view.inputs_after = [reader, found](
                            std::uint64_t seq,
                            const std::function<bool(const store::InputRecord&)>& visit
                        ) -> Result<std::uint64_t> {
        const auto keep = [&](std::uint64_t, const store::PageRecord& page) {
            if (found) found->pages.push_back(page);
        };
        auto end = reader->read_after(seq, visit, keep);
        if (!end) return tl::make_unexpected(end.error());
        if (found) {
            found->highest_seq = end->highest_seq;
            if (end->lost) found->lost = *end->lost;
            if (end->skipped > 0 && found->lost.empty())
                found->lost = fmt::format("{} quarantined inputs were passed over", end->skipped);
        }
        return end->last_seq;
    };
    view.rules = [reader](const std::string& hash) -> std::optional<store::RulesRecord> {
        auto record = reader->rules(hash);
        if (!record) return std::nullopt;
        return std::move(*record);
    };
    return view;
}

std::size_t adopt_pages(engine::Engine& engine, const std::vector<store::PageRecord>& records) {
    std::size_t differed = 0;
    for (const store::PageRecord& record : records) {
        const auto page = codec::decode<delivery::Page>(record.bytes, record.format);
        if (page && engine.adopt(*page)) ++differed;
    }
    return differed;
}

Result<store::Image> make_image(const store::JournalReader& journal, std::uint64_t upto) {
    // The view outlives nothing: the journal is only borrowed.
    const std::shared_ptr<const store::JournalReader> borrowed{&journal, [](const auto*) {}};
    auto made = recover(view_of(borrowed), false, upto);
    if (!made) return tl::make_unexpected(made.error());
    if (!made->lost.empty()) return fail(made->lost, "recovery goes on from the image before");
    store::Image image;
    image.seq = made->last_seq;
    image.instant = made->last_instant;
    image.effect_hash = made->effect_hash;
    image.bytes = made->engine.snapshot();
    return image;
}

}  // namespace surged::app
