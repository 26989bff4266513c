#include "store/database.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

using namespace surged;

TEST_CASE("store: a file that cannot be opened on a full disk is not said to be a matter of rights"
) {
    const auto full = store::cannot_open(
        "/var/lib/surged/journal.db", "unable to open database file", SQLITE_CANTOPEN, true
    );
    CHECK(
        full.what ==
        "cannot open /var/lib/surged/journal.db: the disk is full "
        "(unable to open database file, SQLite 14)"
    );
    CHECK(full.hint.find("free space") == 0);
    const auto denied = store::cannot_open("journal.db", "unable to open", SQLITE_CANTOPEN, false);
    CHECK(denied.what == "cannot open journal.db: unable to open (SQLite 14)");
    CHECK(denied.hint.find("writable") != std::string::npos);
}
