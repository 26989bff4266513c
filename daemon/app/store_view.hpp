// Recovery's view of the SQLite journal.
#pragma once

#include "app/recover.hpp"
#include "store/reader.hpp"

#include <memory>
#include <string>

namespace surged::app {

/// What reading came upon; filled while the view is used.
struct Found {
    std::string lost;              // records behind the last good one that cannot be used
    std::uint64_t highest_seq{0};  // new inputs start behind it
    std::string damaged_images;
};

/// The view shares ownership of the reader; `found` may be null.
[[nodiscard]] JournalView view_of(
    std::shared_ptr<const store::JournalReader> reader, std::shared_ptr<Found> found = nullptr
);

/// The housekeeping thread's snapshot: newest image and committed tail up to `upto`.
[[nodiscard]] Result<store::Image> make_image(
    const store::JournalReader& journal, std::uint64_t upto
);

}  // namespace surged::app
