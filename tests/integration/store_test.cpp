// The store may fail; paging may not.
#include "app/daemon.hpp"
#include "app/recover.hpp"
#include "app/store_view.hpp"
#include "store/reader.hpp"
#include "support/faulty_vfs.hpp"
#include "support/page_sink.hpp"
#include "support/site.hpp"
#include "support/surge_events.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <thread>

using namespace surged;
using namespace std::chrono_literals;

TEST_CASE("store: full disk answers 202, pages leave, gap and full snapshot after repair") {
    test::FaultyVfs disk;
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    {
        auto made = app::Daemon::make({site.config_file(), {}, disk.name()});
        REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().what));
        app::Daemon& daemon = **made;
        site.attach(daemon.port());
        std::thread runs{[&] { daemon.run(); }};
        const auto stop = [&] {
            daemon.stop();
            runs.join();
        };
        const auto good = site.post("/api/v1/events", test::offered_now(1));
        CHECK(good.status == 200);

        disk.fill_disk();
        const auto full = site.post("/api/v1/events", test::offered_now(5, 1));  // level II
        CHECK(full.status == 202);
        CHECK(full.body.find(R"("durable":false)") != std::string::npos);
        CHECK(sink.wait_accepted(1, 10s));
        const auto ready = site.get("/readyz");
        CHECK(ready.status == 503);
        CHECK(ready.body.find("store") != std::string::npos);

        disk.heal();
        CHECK(site.wait_until("/readyz", [](const std::string&) { return true; }, 20s));
        CHECK(site.post("/api/v1/events", test::offered_now(1, 6)).status == 200);
        stop();
    }
    store::Options where;
    where.path = site.store_path();
    auto opened = store::JournalReader::open(where);
    REQUIRE(opened.has_value());
    const auto reader = std::make_shared<const store::JournalReader>(std::move(*opened));
    const auto gaps = reader->gaps();
    REQUIRE(gaps.has_value());
    REQUIRE(gaps->size() == 1);
    const auto image = reader->newest_image();
    REQUIRE(image.has_value());
    REQUIRE(image->image.has_value());
    CHECK(image->image->seq >= gaps->front().seq);  // a whole engine stands behind the gap
    const auto found = std::make_shared<app::Found>();
    const auto again = app::recover(app::view_of(reader, found));
    REQUIRE(again.has_value());
    CHECK(found->lost.empty());
    CHECK(again->engine.board().totals(*again->engine.board().find("sales")).offered == 7);
    const auto note = reader->last_note();
    REQUIRE((note.has_value() && note->has_value()));
    CHECK(app::state_hash(again->engine) == (*note)->state_hash);
    // No replay crosses the gap.
    const auto whole = app::recover(app::view_of(reader, found), true);
    CHECK_FALSE(found->lost.empty());
    CHECK((!whole.has_value() || whole->last_seq < gaps->front().seq));
}

TEST_CASE("store: a slow disk delays no page beyond its bound") {
    test::FaultyVfs disk;
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    auto made = app::Daemon::make({site.config_file(), {}, disk.name()});
    REQUIRE(made.has_value());
    app::Daemon& daemon = **made;
    site.attach(daemon.port());
    std::thread runs{[&] { daemon.run(); }};
    CHECK(site.post("/api/v1/events", test::offered_now(1)).status == 200);
    disk.delay_syncs(3s);
    const auto slow = site.post("/api/v1/events", test::offered_now(5, 1));
    CHECK(slow.status == 202);  // not durable yet, and it says so
    // The commit is still under way when the page is there.
    CHECK(sink.wait_accepted(1, 2s));
    disk.heal();
    daemon.stop();
    runs.join();
}
