// Recovery's view of the SQLite journal.
#pragma once

#include "app/recover.hpp"
#include "store/reader.hpp"

#include <memory>
#include <string>
#include <vector>

namespace surged::app {

/// What reading came upon; filled while the view is used.
struct Found {
    std::string lost;              // records behind the last good one that cannot be used
    std::uint64_t highest_seq{0};  // new inputs start behind it
    std::string damaged_images;
    std::vector<store::PageRecord> pages;  // released since the image
};

/// The view shares ownership of the reader; `found` may be null.
[[nodiscard]] JournalView view_of(
    std::shared_ptr<const store::JournalReader> reader, std::shared_ptr<Found> found = nullptr
);

/// Where replay and a page record differ, the record wins: a page that was released is known as
/// released. Returns how many differed; then a gap and a full snapshot must come first.
std::size_t adopt_pages(engine::Engine& engine, const std::vector<store::PageRecord>& records);

/// The housekeeping thread's snapshot: newest image and committed tail up to `upto`.
[[nodiscard]] Result<store::Image> make_image(
    const store::JournalReader& journal, std::uint64_t upto
);

}  // namespace surged::app
