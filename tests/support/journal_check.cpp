#include "support/journal_check.hpp"

#include "app/recover.hpp"
#include "app/store_view.hpp"
#include "store/reader.hpp"

#include <doctest/doctest.h>
#include <memory>

namespace surged::test {

void check_hashes(const std::string& store_path) {
    store::Options where;
    where.path = store_path;
    auto opened = store::JournalReader::open(where);
    REQUIRE(opened.has_value());
    const auto reader = std::make_shared<store::JournalReader>(std::move(*opened));
    const auto view = app::view_of(reader);
    const auto tail = app::recover(view);
    const auto whole = app::recover(view, true);
    const auto note = reader->last_note();
    REQUIRE(tail.has_value());
    REQUIRE(whole.has_value());
    REQUIRE(note.has_value());
    if (!note->has_value()) {  // killed before its first commit
        CHECK(whole->last_seq == 0);
        return;
    }
    CHECK(app::state_hash(tail->engine) == app::state_hash(whole->engine));
    CHECK(app::state_hash(whole->engine) == (*note)->state_hash);
    CHECK(whole->effect_hash == (*note)->effect_hash);
}

}  // namespace surged::test
