#include "app/store_view.hpp"

#include <utility>

namespace surged::app {

JournalView view_of(
    std::shared_ptr<const store::JournalReader> reader, std::shared_ptr<Found> found
) {
    JournalView view;
    view.newest_image = [reader, found]() -> std::optional<store::Image> {
        auto newest = reader->newest_image();
        if (!newest) return std::nullopt;
        if (found) {
            for (const std::string& text : newest->damaged) found->damaged_images += text + "; ";
        }
        return std::move(newest->image);
    };
    view.inputs_after = [reader, found](
                            std::uint64_t seq,
                            const std::function<bool(const store::InputRecord&)>& visit
                        ) -> Result<std::uint64_t> {
        auto end = reader->read_after(seq, visit);
        if (!end) return tl::make_unexpected(end.error());
        if (found) {
            found->highest_seq = end->highest_seq;
            if (end->lost) found->lost = *end->lost;
        }
        return end->last_seq;
    };
    view.rules_bytes = [reader](const std::string& hash) -> std::optional<std::string> {
        auto record = reader->rules(hash);
        if (!record || !*record) return std::nullopt;
        return std::move((*record)->bytes);
    };
    return view;
}

Result<store::Image> make_image(const store::JournalReader& journal, std::uint64_t upto) {
    // The view outlives nothing: the journal is only borrowed.
    const std::shared_ptr<const store::JournalReader> borrowed{&journal, [](const auto*) {}};
    auto made = recover(view_of(borrowed), false, upto);
    if (!made) return tl::make_unexpected(made.error());
    store::Image image;
    image.seq = made->last_seq;
    image.instant = made->last_instant;
    image.effect_hash = made->effect_hash;
    image.bytes = made->engine.snapshot();
    return image;
}

}  // namespace surged::app
